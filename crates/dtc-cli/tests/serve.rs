//! `dtc serve`: the address it prints answers, and only with the token.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};

use crate::Place;

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn the_printed_address_answers() {
    let place = Place::make();
    place.file("ui/index.html", "<!doctype html><title>studio</title>");
    let mut host = Command::new(env!("CARGO_BIN_EXE_dtc"))
        .args(["serve", "--port", "0"])
        .current_dir(place.path())
        .env("DTC_STUDIO_UI", place.path().join("ui"))
        .env("DTC_STUDIO_WORKSPACE", place.path().join("workspace"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(host.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("DTC Studio: http://").unwrap_or_else(|| panic!("{line}")).to_owned();
    let (address, path) = url.split_once('/').unwrap();
    let with = get(address, &format!("/{path}"));
    let without = get(address, "/");
    host.kill().unwrap();
    host.wait().unwrap();
    assert!(with.starts_with("HTTP/1.1 200") || with.starts_with("HTTP/1.1 30"), "{with}");
    assert!(!without.starts_with("HTTP/1.1 200"), "{without}");
}

#[test]
fn a_missing_page_or_folder_is_said() {
    let place = Place::make();
    let nowhere = place.path().join("nowhere");
    place.dtc_with("DTC_STUDIO_UI", &nowhere, &["serve"]).fails(1, "cargo xtask ui");
    place.dtc(&["serve", "nowhere"]).fails(1, "nowhere: no such file or folder");
    place.file("file", "");
    place.dtc(&["serve", "file"]).fails(1, "file is a file; a folder is needed here");
}
