//! Inputs without `EventId`: each record counts once, whether the file grows, comes again, or is another one.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use crate::{Place, STREAMING, Said};

pub fn project() -> Place {
    let place = Place::make();
    place.file("s.yaml", STREAMING.replace("1 / int(source.n)", "'0.5'"));
    place
}

fn event(number: u32) -> String {
    let (user, second) = (number % 3, number % 60);
    format!(
        "{{\"user\":\"u{user}\",\"at\":\"2020-01-01T00:{:02}:{second:02}Z\",\"event\":\"start\",\"session\":\"s\"}}\n",
        number / 60
    )
}

pub fn events(numbers: std::ops::Range<u32>) -> String {
    numbers.map(event).collect()
}

fn batch(place: &Place, data: &[&str]) -> Said {
    place.dtc(&[&["transform", "--streaming", "s.yaml"], data, &["--state", "st"]].concat())
}

/// Events that the state has counted.
fn counted(place: &Place) -> u32 {
    let held = batch(place, &[]);
    let games = held.succeeds().out.lines().filter_map(|line| line.split("\"games\": ").nth(1));
    games.map(|rest| rest.split(['}', ',']).next().unwrap().parse::<u32>().unwrap()).sum()
}

#[test]
fn a_growing_file_is_read_on_from_where_it_was() {
    let place = project();
    place.file("log.json", events(0..10));
    batch(&place, &["log.json"]).succeeds();
    let again = batch(&place, &["./log.json"]);
    assert_eq!(again.succeeds().out, "");
    assert!(again.err.contains("note: ./log.json: 10 records of it counted already"), "{}", again.err);
    assert_eq!(counted(&place), 10);
    place.file("log.json", events(0..25));
    batch(&place, &["log.json"]).succeeds();
    assert_eq!(counted(&place), 25);
    // Another name is another input.
    place.file("other.json", events(0..5));
    batch(&place, &["log.json", "other.json"]).succeeds();
    assert_eq!(counted(&place), 30);
}

#[test]
fn half_a_line_waits_for_its_other_half() {
    let place = project();
    let whole = events(0..10);
    for cut in [1, 30, event(9).len() - 2, event(9).len() - 1] {
        let _ = fs::remove_dir_all(place.path().join("st"));
        let end = events(0..9).len() + cut;
        place.file("log.json", &whole[..end]);
        let first = batch(&place, &["log.json"]);
        let complete = cut == event(9).len() - 1;
        assert_eq!(first.succeeds().err.contains("its last line is not complete yet"), !complete, "{}", first.err);
        assert_eq!(counted(&place), if complete { 10 } else { 9 }, "{cut}");
        place.file("log.json", format!("{whole}{}not json\n", events(10..12)));
        let second = batch(&place, &["log.json"]);
        assert!(second.succeeds().err.contains("unusable: log.json:13:"), "{}", second.err);
        assert_eq!(counted(&place), 12, "{cut}");
    }
}

#[test]
fn what_is_not_plain_lines_goes_on_by_records() {
    let place = project();
    let array = |numbers| format!("[{}]", events(numbers).trim_end().replace('\n', ","));
    let packed = |numbers| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(events(numbers).as_bytes()).unwrap();
        packer.finish().unwrap()
    };
    place.file("a.json", array(0..7));
    place.file("b.json.gz", packed(0..7));
    batch(&place, &["a.json", "b.json.gz"]).succeeds();
    assert_eq!(counted(&place), 14);
    assert_eq!(batch(&place, &["a.json", "b.json.gz"]).succeeds().out, "");
    place.file("a.json", array(0..9));
    // Packed data grows by whole members.
    place.file("b.json.gz", [packed(0..7), packed(7..10)].concat());
    batch(&place, &["a.json", "b.json.gz"]).succeeds();
    assert_eq!(counted(&place), 9 + 10);
}

#[test]
fn another_file_of_the_same_name_is_new_and_a_shorter_one_refused() {
    let place = project();
    place.file("log.json", events(0..200));
    batch(&place, &["log.json"]).succeeds();
    place.file("log.json", events(200..230));
    let said = batch(&place, &["log.json"]);
    assert!(
        said.succeeds().err.contains("log.json: it begins differently than when it was read before"),
        "{}",
        said.err
    );
    assert_eq!(counted(&place), 230);
    place.file("log.json", events(200..400));
    batch(&place, &["log.json"]).succeeds();
    place.file("log.json", events(200..395));
    batch(&place, &["log.json"]).fails(1, "DTC0705: log.json is shorter than what an earlier batch has read of it (");
    assert_eq!(counted(&place), 400);
}

#[test]
fn a_stream_says_that_it_counts_again() {
    let place = project();
    for count in [5, 10] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dtc"))
            .args(["transform", "--streaming", "s.yaml", "/dev/stdin", "--state", "st"])
            .current_dir(place.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(events(0..5).as_bytes()).unwrap();
        let said = child.wait_with_output().unwrap();
        let err = String::from_utf8(said.stderr).unwrap();
        assert!(
            said.status.success() && err.contains("a stream has no offsets; given again, its events count again"),
            "{err}"
        );
        assert_eq!(counted(&place), count);
    }
}

#[test]
fn events_that_are_too_late_are_left_out_and_counted() {
    let place = project();
    let document = place.read("s.yaml").replace("Time: parse", "Lateness: 60\nTime: parse");
    place.file("s.yaml", document);
    place.file("1.json", events(540..550));
    batch(&place, &["1.json"]).succeeds();
    place.file("2.json", events(470..480) + &events(500..503));
    let said = batch(&place, &["2.json"]);
    assert!(
        said.succeeds().err.contains("note: 10 events were left out; they are later than `Lateness` allows"),
        "{}",
        said.err
    );
    assert!(said.err.contains("note: 3 events are older than what earlier batches counted"), "{}", said.err);
    assert_eq!(counted(&place), 13);
}
