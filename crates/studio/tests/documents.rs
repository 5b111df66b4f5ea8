//! Reading, writing, creating and watching documents.

use std::fs;
use std::os::unix::fs::symlink;

use studio_api::*;

use crate::fixture::{EVENTS, Fixture, STREAMING, next};

#[test]
fn kinds_come_from_the_type() {
    let fixture = Fixture::new();
    let files = [
        ("a.yaml", "Type: 'Blurr:Transform:Window' # older\n"),
        ("b.yml", "# first\nType: ProductML:DTC:Streaming\nName: {"),
        ("c.yaml", "Type: ProductML:DTC:Attribution"),
        ("d.yaml", "\"Type\": productml:dtc:join"),
        ("e.yaml", "key: value"),
        ("functions/f.rhai", ""),
        ("functions/not-a-function.txt", ""),
        ("notes.md", ""),
        (".hidden.yaml", ""),
    ];
    let (project, _) = fixture.project(&files);
    let found: Vec<_> = project.documents.iter().map(|document| (document.name.as_str(), document.kind)).collect();
    let expected = [
        ("b.yml", DocumentKind::Streaming),
        ("a.yaml", DocumentKind::Window),
        ("c.yaml", DocumentKind::Attribution),
        ("d.yaml", DocumentKind::Join),
        ("e.yaml", DocumentKind::Unknown),
        ("functions/f.rhai", DocumentKind::Function),
    ];
    assert_eq!(found, expected);
}

#[test]
fn only_listed_names_are_read_or_written() {
    let fixture = Fixture::new();
    let (project, root) = fixture.project(&[("a.yaml", STREAMING)]);
    fs::write(root.parent().unwrap().join("secret.yaml"), "secret").unwrap();
    symlink("../secret.yaml", root.join("link.yaml")).unwrap();
    symlink("a.yaml", root.join("inner.yaml")).unwrap();
    for name in ["../secret.yaml", "link.yaml", "/etc/passwd", "", ".", "a.yaml/", "./a.yaml", ".studio.yaml"] {
        let read = fixture.call(ReadDocument { project: project.id.clone(), document: name.into() });
        assert_eq!(read.unwrap_err().code, ErrorCode::NotFound, "{name}");
        let write =
            WriteDocument { project: project.id.clone(), document: name.into(), text: "x".into(), version: None };
        assert_eq!(fixture.call(write).unwrap_err().code, ErrorCode::NotFound, "{name}");
    }
    let inner = fixture.call(ReadDocument { project: project.id, document: "inner.yaml".into() }).unwrap();
    assert_eq!(inner.text, STREAMING);
}

#[test]
fn a_write_over_someone_elses_change_is_a_conflict() {
    let fixture = Fixture::new();
    let (project, root) = fixture.project(&[("a.yaml", "one")]);
    let write = |text: &str, version: Option<&str>| {
        let version = version.map(str::to_owned);
        fixture.call(WriteDocument {
            project: project.id.clone(),
            document: "a.yaml".into(),
            text: text.into(),
            version,
        })
    };
    let read = fixture.call(ReadDocument { project: project.id.clone(), document: "a.yaml".into() }).unwrap();
    let two = write("two", Some(&read.version)).unwrap();
    assert_eq!(fs::read_to_string(root.join("a.yaml")).unwrap(), "two");
    fs::write(root.join("a.yaml"), "theirs").unwrap();
    assert_eq!(write("three", Some(&two.version)).unwrap_err().code, ErrorCode::Conflict);
    assert_eq!(fs::read_to_string(root.join("a.yaml")).unwrap(), "theirs");
    write("three", None).unwrap();
    let left: Vec<_> = fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["a.yaml"], "no draft stays behind");
}

#[test]
fn a_document_that_is_no_text_says_so() {
    let fixture = Fixture::new();
    let (project, root) = fixture.project(&[("a.yaml", STREAMING)]);
    fs::write(root.join("binary.yaml"), [0x54, 0xff, 0xfe]).unwrap();
    let read = ReadDocument { project: project.id, document: "binary.yaml".into() };
    let error = fixture.call(read).unwrap_err();
    assert!(error.message.contains("binary.yaml is not UTF-8"), "{error}");
}

#[test]
fn new_documents_are_valid_as_they_stand() {
    let odd = r#"{"ctx":{"client key":7},"ts":1741000000,"type":"x","a: b_id":1}"#;
    for data in [None, Some(EVENTS), Some(odd), Some("no record")] {
        new_documents_are_valid(data);
    }
}

fn new_documents_are_valid(data: Option<&str>) {
    let fixture = Fixture::new();
    let given: Vec<(&str, &str)> = data.map(|data| ("data/events.jsonl", data)).into_iter().collect();
    let (project, root) = fixture.project(&given);
    let create =
        |name: &str, kind| fixture.call(CreateDocument { project: project.id.clone(), name: name.into(), kind });
    let names = [
        ("events", DocumentKind::Streaming, "events.yaml"),
        ("features", DocumentKind::Window, "features.yaml"),
        ("credit.yml", DocumentKind::Attribution, "credit.yml"),
        ("rewards", DocumentKind::Join, "rewards.yaml"),
        ("deployed", DocumentKind::Pipeline, "deployed.yaml"),
        ("my price", DocumentKind::Function, "functions/my_price.rhai"),
    ];
    for (typed, kind, expected) in names {
        assert_eq!(create(typed, kind).unwrap(), DocumentInfo { name: expected.into(), kind });
    }
    for (typed, kind) in [("events", DocumentKind::Streaming), ("../x", DocumentKind::Join), (".x", DocumentKind::Join)]
    {
        create(typed, kind).unwrap_err();
    }
    let mut checked = dtc_lang::Project::default();
    for file in ["events.yaml", "features.yaml", "credit.yml", "rewards.yaml"] {
        let text = fs::read_to_string(root.join(file)).unwrap();
        let (document, diagnostics) = dtc_lang::check(&text, &checked);
        assert_eq!(diagnostics, [], "{file} for {data:?}\n{text}");
        if let Some(dtc_lang::Document::Streaming(streaming)) = document {
            checked.streaming.push(streaming);
        }
    }
    let script = fs::read_to_string(root.join("functions/my_price.rhai")).unwrap();
    let (_, faults) = dtc_expr::Functions::compile(&[("my_price".to_owned(), script)]);
    assert_eq!(faults, []);
}

#[test]
fn a_watcher_hears_of_changes_outside() {
    let fixture = Fixture::new();
    let (project, root) = fixture.project(&[("a.yaml", STREAMING)]);
    let mut feed = fixture.feed(WatchProject { project: project.id });
    fs::write(root.join("b.yaml"), "Type: x").unwrap();
    match next::<ProjectEvent>(feed.as_mut()) {
        Some(ProjectEvent::DocumentsChanged { documents }) => assert_eq!(documents.len(), 2),
        other => panic!("{other:?}"),
    }
    fs::create_dir(root.join("data")).unwrap();
    fs::write(root.join("data/events.json"), "[]").unwrap();
    match next::<ProjectEvent>(feed.as_mut()) {
        Some(ProjectEvent::SamplesChanged { samples }) => assert_eq!(samples.len(), 1),
        other => panic!("{other:?}"),
    }
}
