//! Commands and feeds end to end: a template, an upload, a run, its rows.

use std::io::{BufRead, BufReader, Read};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use studio_api::*;

use crate::http::{Host, head};

/// Reads one message of an event stream: its number and frame.
fn message<T: serde::de::DeserializeOwned>(reader: &mut impl BufRead) -> Option<(Option<u64>, FeedFrame<T>)> {
    let (mut id, mut data) = (None, None);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap() == 0 {
            return None;
        }
        let line = line.trim_end();
        if let Some(number) = line.strip_prefix("id: ") {
            id = number.parse().ok();
        } else if let Some(json) = line.strip_prefix("data: ") {
            data = Some(serde_json::from_str(json).unwrap());
        } else if line.is_empty()
            && let Some(frame) = data.take()
        {
            return Some((id, frame));
        }
    }
}

fn feed(host: &Host, name: &str, body: &str, extra: &[&str]) -> BufReader<std::net::TcpStream> {
    let encoded: String = body.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let bearer = host.bearer();
    let headers: Vec<&str> = [bearer.as_str()].iter().chain(extra).copied().collect();
    let mut reader = BufReader::new(host.open(&format!("GET /api/feed/{name}?body={encoded}"), &headers, b""));
    let (status, headers) = head(&mut reader);
    assert_eq!(status, 200);
    assert!(headers.iter().any(|(name, value)| name == "content-type" && value == "text/event-stream"));
    reader
}

fn run_events(host: &Host, run: &RunId, extra: &[&str]) -> Vec<RunEvent> {
    let body = serde_json::to_string(&WatchRun { run: run.clone(), after: 0 }).unwrap();
    let mut reader = feed(host, "WatchRun", &body, extra);
    let mut events = Vec::new();
    loop {
        match message::<RunEvent>(&mut reader).unwrap() {
            (id, FeedFrame::Item { item }) => {
                assert_eq!(id, Some(item.seq));
                events.push(item);
            }
            (_, FeedFrame::End) => return events,
            (_, FeedFrame::Refused { error }) => panic!("{error}"),
        }
    }
}

#[test]
fn errors_have_a_status_and_a_body() {
    let host = Host::start();
    let reply = host.send("POST /api/rpc/OpenTemplate", &[&host.bearer()], b"{\"template\":\"none\"}");
    assert_eq!((reply.status, reply.header("content-type")), (404, Some("application/json")));
    let error: ApiError = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(error.code, ErrorCode::NotFound);
    assert_eq!(host.send("POST /api/rpc/OpenTemplate", &[&host.bearer()], b"{").status, 400);
    assert_eq!(host.send("POST /api/rpc/OpenTemplate", &[&host.bearer()], b"\xff\xfe").status, 400);
    assert_eq!(host.send("POST /api/rpc/PickFolder", &[&host.bearer()], b"{}").status, 501);
    assert_eq!(host.send("GET /api/rpc/OpenTemplate", &[&host.bearer()], b"").status, 405);
    let large = vec![b' '; (8 << 20) + 1];
    assert_eq!(host.send("POST /api/rpc/OpenTemplate", &[&host.bearer()], &large).status, 400);
}

#[test]
fn a_template_is_opened_fed_run_and_read() {
    let host = Host::start();
    let project = host.call(OpenTemplate { template: "offer-ai".into() }).unwrap();
    let mut changes = feed(
        &host,
        "WatchProject",
        &serde_json::to_string(&WatchProject { project: project.id.clone() }).unwrap(),
        &[],
    );

    let content = b"not a record\n";
    let begin = BeginUpload { project: project.id.clone(), name: "bad.jsonl".into(), bytes: content.len().to_string() };
    let upload = host.call(begin).unwrap();
    let chunk = UploadChunk { upload: upload.clone(), offset: "0".into(), base64: STANDARD.encode(content) };
    host.call(chunk).unwrap();
    let samples = host.call(FinishUpload { upload }).unwrap();
    assert_eq!(samples.len(), project.samples.len() + 1);
    match message::<ProjectEvent>(&mut changes).unwrap().1 {
        FeedFrame::Item { item: ProjectEvent::SamplesChanged { samples: told } } => assert_eq!(told, samples),
        other => panic!("{other:?}"),
    }

    let start = StartRun { project: project.id, streaming: None, drafts: vec![], limit: None };
    let run = host.call(start).unwrap();
    let events = run_events(&host, &run, &[]);
    let RunStep::Finished { summary } = &events.last().unwrap().what else { panic!("{events:?}") };
    assert_eq!(summary.unusable, "1");
    assert_ne!(summary.events, "0");
    let table = summary.tables.iter().find(|table| table.kind == TableKind::Window).unwrap();
    let read = ReadRows { run: run.clone(), table: table.name.clone(), from: 0, count: 10, sort: None, filter: None };
    let page = host.call(read).unwrap();
    assert!(page.total > 0 && page.rows.iter().all(|row| row.len() == table.columns.len()));

    let resumed = run_events(&host, &run, &["Last-Event-ID: 1"]);
    assert_eq!(resumed, events[1..], "a browser that comes back goes on where it was");
}

/// Gives a project a sample, runs it and reads the rows; what the sample is said to be comes with them.
fn rows_of(host: &Host, name: &str, content: &[u8], streaming: &str) -> (String, Vec<Vec<Option<String>>>) {
    let file = Draft { document: "visits.yaml".into(), text: streaming.into() };
    let project = host.call(ImportProject { name: "formats".into(), files: vec![file] }).unwrap();
    let begin = BeginUpload { project: project.id.clone(), name: name.into(), bytes: content.len().to_string() };
    let upload = host.call(begin).unwrap();
    let chunk = UploadChunk { upload: upload.clone(), offset: "0".into(), base64: STANDARD.encode(content) };
    host.call(chunk).unwrap();
    let sample = host.call(FinishUpload { upload }).unwrap().remove(0);
    assert_eq!(sample.name, name);
    let report = host.call(DescribeSample { project: project.id.clone(), sample: sample.id }).unwrap();
    let paths: Vec<&str> = report.fields.iter().map(|field| field.path.as_str()).collect();
    assert_eq!(paths, ["user", "at", "page", "page.name", "page.n", "price", "new"]);
    let run = host.call(StartRun { project: project.id, streaming: None, drafts: vec![], limit: None }).unwrap();
    let events = run_events(host, &run, &[]);
    let RunStep::Finished { summary } = &events.last().unwrap().what else { panic!("{events:?}") };
    assert_eq!((summary.events.as_str(), summary.unusable.as_str()), ("5", "0"));
    let table = summary.tables.iter().find(|table| table.kind == TableKind::Session).unwrap().name.clone();
    let read = ReadRows { run, table, from: 0, count: 10, sort: None, filter: None };
    (report.format, host.call(read).unwrap().rows)
}

#[test]
fn every_format_is_uploaded_described_and_run_to_the_same_rows() {
    let case = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/suite/inputs/same-rows");
    let host = Host::start();
    let streaming = std::fs::read_to_string(case.join("streaming.yaml")).unwrap();
    let given = |name: &str| {
        let content = std::fs::read(case.join("data").join(name)).unwrap();
        rows_of(&host, name, &content, &streaming)
    };
    let (format, expected) = given("lines.jsonl");
    assert_eq!((format.as_str(), expected.len()), ("JSON Lines", 3));
    for (name, format) in [
        ("semicolon.csv", "CSV with `;`"),
        ("zstd.parquet", "Parquet"),
        ("lines.jsonl.zst", "JSON Lines, zstd"),
        ("tab.tsv.gz", "CSV with tabs, gzip"),
    ] {
        assert_eq!(given(name), (format.to_owned(), expected.clone()), "{name}");
    }
}

#[test]
fn a_feed_that_cannot_be_opened_says_why() {
    let host = Host::start();
    let mut reader = feed(&host, "WatchRun", "{\"run\":\"r99\",\"after\":0}", &[]);
    match message::<RunEvent>(&mut reader).unwrap().1 {
        FeedFrame::Refused { error } => assert_eq!(error.code, ErrorCode::NotFound),
        other => panic!("{other:?}"),
    }
    let mut rest = String::new();
    reader.read_to_string(&mut rest).unwrap();
    assert!(!rest.contains("data:"), "{rest}");
}

#[test]
fn stopping_ends_open_feeds() {
    let mut host = Host::start();
    let project = host.call(OpenTemplate { template: "offer-ai".into() }).unwrap();
    let body = serde_json::to_string(&WatchProject { project: project.id }).unwrap();
    let mut reader = feed(&host, "WatchProject", &body, &[]);
    let began = std::time::Instant::now();
    host.stop();
    assert!(began.elapsed().as_secs() < 3);
    let mut rest = String::new();
    reader.read_to_string(&mut rest).unwrap();
    assert!(std::net::TcpStream::connect(("127.0.0.1", host.port)).is_err());
}
