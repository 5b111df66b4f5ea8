//! `dtc join`: the template's document served, its sample played, its log read again.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::Place;

struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn template() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dtc-templates/bandit-join");
    std::fs::read_to_string(folder.join("join.dtc.yaml")).unwrap()
}

fn sample(lines: usize) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dtc-templates/bandit-join/data");
    let file = GzDecoder::new(File::open(folder.join("headlines.jsonl.gz")).unwrap());
    BufReader::new(file).lines().take(lines).map(|line| line.unwrap() + "\n").collect()
}

fn serve(place: &Place) -> (Service, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dtc"));
    command.args(["join", "serve", "join.dtc.yaml", "--data", "data", "--listen", "127.0.0.1:0"]);
    let mut child = command.current_dir(place.path()).stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let service = Service(child);
    let mut said = lines.map(Result::unwrap);
    let address = said.find_map(|line| line.strip_prefix("Join service: http://").map(str::to_owned)).unwrap();
    std::thread::spawn(move || said.for_each(drop));
    (service, address)
}

/// Every line of the folder's files, in order.
fn lines(folder: &Path) -> Vec<String> {
    let mut files: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    files.sort();
    files
        .iter()
        .flat_map(|path| std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

#[test]
fn the_templates_sample_leaves_by_its_sink_and_its_log_gives_the_same() {
    let place = Place::make();
    let document = template().replace("Window: 30", "Window: 2");
    place.file("join.dtc.yaml", format!("{document}Sinks:\n  - {{ Type: files, Folder: joined }}\n"));
    place.file("sample.jsonl", sample(300));
    let (service, address) = serve(&place);
    place.dtc(&["join", "simulate", &address, "--events", "sample.jsonl", "--rate", "0"]).succeeds();
    let decisions = sample(300).lines().filter(|line| line.contains("headline_shown")).count();
    assert!(decisions > 100);
    let joined = place.path().join("joined");
    let replay = || place.dtc(&["join", "replay", "join.dtc.yaml", "--data", "data"]).succeeds().out.clone();
    let wanted = replay();
    let started = Instant::now();
    while lines(&joined).len() < wanted.lines().count() {
        assert!(started.elapsed() < Duration::from_secs(60), "the sink never got all of it");
        std::thread::sleep(Duration::from_millis(50));
    }
    drop(service);
    assert_eq!(lines(&joined).join("\n") + "\n", wanted);
    let record: Value = serde_json::from_str(wanted.lines().next().unwrap()).unwrap();
    assert!(record["context"]["device"].is_string() && record["action"].is_string(), "{record}");
    // The same events through the recommended rule, whose window is longer: as many records.
    let table = place.dtc(&["join", "replay", "--data", "data", "--events"]).succeeds().out.clone();
    place.file("events.csv", table);
    let said = place.dtc(&["bandit", "join", "--events", "events.csv"]).succeeds().out.clone();
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["seed_spec"].as_array().unwrap().len(), wanted.lines().count());
}

#[test]
fn what_is_not_understood_is_told_before_anything_is_served() {
    let place = Place::make();
    place.file("join.dtc.yaml", template());
    let serve = |more: &[&str]| {
        let words: Vec<&str> =
            ["join", "serve", "join.dtc.yaml", "--data", "data"].into_iter().chain(more.iter().copied()).collect();
        place.dtc(&words)
    };
    serve(&["--sink", "ftp://host"]).fails(2, "`ftp://host` is not understood");
    serve(&["--source", "kafka://host:9092"]).fails(2, "`kafka://host:9092` is not understood");
    serve(&["--sink", "files:data/records"]).fails(1, "the service's own folder");
    let with_token =
        format!("{}Sinks:\n  - {{ Type: http, Url: 'http://h/', TokenVariable: NO_SUCH_TOKEN }}\n", template());
    place.file("join.dtc.yaml", with_token);
    serve(&[]).fails(1, "the sink http wants a token in NO_SUCH_TOKEN; set it");
    place.dtc(&["join", "replay", "--data", "nothing"]).fails(1, "nothing");
}

fn asked(address: &str, path: &str) -> Value {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

#[test]
fn policies_are_judged_while_records_leave_as_evaluating_them_later_would() {
    let place = Place::make();
    let policies = "\nPolicies:
  - { Name: table, Kind: file, File: played.csv }
  - { Name: by_device, Kind: expression, Value: \"'live_blog' if context.device == 'phone' else 'analysis'\" }
";
    let template = template();
    let (own, _) = template.split_once("\nPolicies:").unwrap();
    place.file("join.dtc.yaml", format!("{}{policies}", own.replace("Window: 30", "Window: 1")));
    let sample_folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dtc-templates/bandit-join/data");
    let events = sample_folder.join("headlines.jsonl.gz").display().to_string();
    let serving = ["join", "serve", "join.dtc.yaml", "--data", "data", "--listen", "127.0.0.1:0"];
    place.dtc(&serving).fails(1, "policy table: ");
    place.file("played.csv", "action,probability\nanalysis,0.5\ninterview,0.5\n");
    let (service, address) = serve(&place);
    place.dtc(&["join", "simulate", &format!("http://{address}/"), "--events", &events, "--rate", "0"]).succeeds();
    let started = Instant::now();
    let told = loop {
        let (told, counters) = (asked(&address, "/policies"), asked(&address, "/counters"));
        if counters["open"] == 0 && told["records"] == counters["records"] {
            break told;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "not all records were judged: {told}");
        std::thread::sleep(Duration::from_millis(50));
    };
    drop(service);
    let names: Vec<&str> =
        told["policies"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["logged", "table", "by_device"]);
    let files: Vec<String> = std::fs::read_dir(place.path().join("data/records"))
        .unwrap()
        .map(|file| file.unwrap().path().display().to_string())
        .filter(|path| path.ends_with(".jsonl"))
        .collect();
    let texts = ["logged", "file:played.csv", "expression:'live_blog' if context.device == 'phone' else 'analysis'"];
    for (text, told) in texts.iter().zip(told["policies"].as_array().unwrap()) {
        let mut words =
            vec!["bandit", "evaluate", "--estimators", "ipw,snipw", "--format", "json", "--policy", text, "--log"];
        words.extend(files.iter().map(String::as_str));
        let said: Value = serde_json::from_str(&place.dtc(&words).succeeds().out).unwrap();
        let evaluated = found(&said, "estimates").unwrap();
        for name in ["ipw", "snipw"] {
            let (live, later) = (told[name][0].as_f64().unwrap(), evaluated[name].as_f64().unwrap());
            assert!((live - later).abs() <= 1e-9, "{text} {name}: {live} live, {later} later");
        }
    }
}

/// The member of this name, wherever it stands.
fn found<'v>(told: &'v Value, name: &str) -> Option<&'v Value> {
    match told {
        Value::Object(members) => members.get(name).or_else(|| members.values().find_map(|member| found(member, name))),
        Value::Array(items) => items.iter().find_map(|item| found(item, name)),
        _ => None,
    }
}
