//! `s3://` and `dynamodb://` on the command line, against moto's server.

use std::io::Write;
use std::process::Command;

use crate::inputs::{events, project};
use crate::{Place, Said, moto};

/// The program, with keys that moto takes.
pub fn dtc(place: &Place, port: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dtc"));
    command
        .current_dir(place.path())
        .env("NO_COLOR", "1")
        .env("HOME", place.path())
        .env("AWS_ACCESS_KEY_ID", "id")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}"));
    command
}

fn run(place: &Place, port: u16, data: &[&str], more: &[&str]) -> Said {
    let mut command = dtc(place, port);
    command.args(["transform", "--streaming", "s.yaml"]).args(data).args(more);
    Said::from(command.output().unwrap())
}

fn put(port: u16, bucket: &str, key: &str, body: &str) {
    moto::send(port, "PUT", &format!("/{bucket}/{key}"), "s3", "", body).unwrap();
}

#[test]
fn events_are_read_from_objects_prefixes_and_patterns() {
    let (place, port) = (project(), moto::shared().unwrap());
    let bucket = moto::fresh_name("events");
    moto::create_bucket(port, &bucket).unwrap();
    place.file("1.json", events(0..300));
    place.file("2.json", events(300..500));
    place.file("3.json", events(500..600));
    put(port, &bucket, "day=1/a.jsonl", &events(0..300));
    put(port, &bucket, "day=1/b.jsonl", &events(300..500));
    put(port, &bucket, "day=2/c.jsonl", &events(500..600));
    put(port, &bucket, "day=2/readme.md", "no events");
    let address = |path: &str| format!("s3://{bucket}/{path}");
    for (remote, local) in [
        ("day=1/b.jsonl", &["2.json"][..]),
        ("day=1", &["1.json", "2.json"]),
        ("day=1/", &["1.json", "2.json"]),
        ("day=?/*.jsonl", &["1.json", "2.json", "3.json"]),
        ("", &["1.json", "2.json", "3.json"]),
        ("**c.jsonl", &["3.json"]),
    ] {
        let (found, wanted) = (run(&place, port, &[&address(remote)], &[]), run(&place, port, local, &[]));
        assert_eq!(found.succeeds().out, wanted.succeeds().out, "{remote}");
    }
    let both = run(&place, port, &[&format!("{},3.json", address("day=1"))], &[]);
    // What is on this machine is read first.
    let sorted = |said: &Said| {
        let mut lines: Vec<String> = said.succeeds().out.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(&both), sorted(&run(&place, port, &["1.json", "2.json", "3.json"], &[])));
    run(&place, port, &[&address("day=3/")], &[]).fails(1, "no object with data is there");
    run(&place, port, &["s3://no-such-bucket/a"], &[]).fails(1, "there is no bucket `no-such-bucket`");
    run(&place, port, &["s3:///a"], &[]).fails(1, "write s3://BUCKET/KEY");
}

#[test]
fn an_object_that_grew_is_read_on_and_packed_ones_too() {
    let (place, port) = (project(), moto::shared().unwrap());
    let bucket = moto::fresh_name("events");
    moto::create_bucket(port, &bucket).unwrap();
    let (state, object) = (format!("s3://{bucket}/state"), format!("s3://{bucket}/in/log.jsonl"));
    for end in [100, 100, 260] {
        put(port, &bucket, "in/log.jsonl", &events(0..end));
        run(&place, port, &[&object], &["--state", &state]).succeeds();
        place.file("all.json", events(0..end));
        let held = run(&place, port, &[], &["--state", &state]);
        assert_eq!(held.succeeds().out, run(&place, port, &["all.json"], &[]).succeeds().out);
    }
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(events(0..100).as_bytes()).unwrap();
    // As text the body would change; moto takes what the program itself packs.
    place.file("all.json.gz", packer.finish().unwrap());
    place.file("all.json", events(0..100));
    let packed = run(&place, port, &["all.json.gz"], &[]);
    assert_eq!(packed.succeeds().out, run(&place, port, &["all.json"], &[]).out);
}

#[test]
fn states_go_on_in_every_place() {
    let (place, port) = (project(), moto::shared().unwrap());
    let name = moto::fresh_name("state");
    moto::create_bucket(port, &name).unwrap();
    moto::create_table(port, &name, true).unwrap();
    place.file("1.json", events(0..300));
    place.file("2.json", events(300..500));
    let at_once = run(&place, port, &["1.json", "2.json"], &[]);
    let places = [
        "st".to_owned(),
        format!("s3://{name}"),
        format!("s3://{name}/a/b"),
        format!("dynamodb://{name}"),
        format!("dynamodb://{name}/other"),
    ];
    let mut said: Vec<String> = Vec::new();
    for state in &places {
        let given: Vec<String> = ["1.json", "2.json", "2.json"]
            .iter()
            .map(|data| run(&place, port, &[data], &["--state", state]).succeeds().out.clone())
            .collect();
        assert_eq!(run(&place, port, &[], &["--state", state]).succeeds().out, at_once.out, "{state}");
        assert_eq!(given[2], "", "{state}");
        said.push(given.concat());
    }
    assert!(said.iter().all(|given| *given == said[0]));
}

#[test]
fn what_is_missing_is_told_with_its_cure() {
    let (place, port) = (project(), moto::shared().unwrap());
    place.file("1.json", events(0..3));
    let told = |state: &str, command: &mut Command| {
        command.args(["transform", "--streaming", "s.yaml", "1.json", "--state", state]);
        Said::from(command.output().unwrap())
    };
    let state = "dynamodb://no-such-table";
    let table = told(state, &mut dtc(&place, port));
    table.fails(1, "there is no table `no-such-table` in this region");
    table.fails(1, "aws dynamodb create-table --table-name no-such-table");
    assert_eq!(table.out, "", "nothing is given before the state is open");
    told("s3://no-such-bucket/x", &mut dtc(&place, port)).fails(1, "aws s3 mb");
    let keys = |command: &mut Command| {
        command.env_remove("AWS_ACCESS_KEY_ID").env("AWS_EC2_METADATA_DISABLED", "true");
    };
    let mut without = dtc(&place, port);
    keys(&mut without);
    told(state, &mut without).fails(1, "AWS: no credentials were found; set AWS_ACCESS_KEY_ID");
    let mut without = dtc(&place, port);
    without.env_remove("AWS_REGION").env_remove("AWS_ENDPOINT_URL").env("AWS_EC2_METADATA_DISABLED", "true");
    told(state, &mut without).fails(1, "AWS: no region is set; set AWS_REGION");
    let mut elsewhere = dtc(&place, port);
    elsewhere.args(["transform", "--streaming", "s.yaml", "1.json", "--state", state]);
    elsewhere.args(["--endpoint-url", "http://127.0.0.1:1"]);
    let said = Said::from(elsewhere.output().unwrap());
    said.fails(1, "the service cannot be reached");
    said.fails(1, "--endpoint-url");
    told("gs://bucket", &mut dtc(&place, port)).fails(2, "a state cannot be kept in `gs://`; name a folder, s3://");
    told("s3://", &mut dtc(&place, port)).fails(2, "write s3://BUCKET/PREFIX");
}
