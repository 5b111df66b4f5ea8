//! Samples: uploads, picked and dropped files, selection, removal.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use studio_api::*;

use crate::fixture::{EVENTS, Fixture, STREAMING, next};

fn upload(fixture: &Fixture, project: &ProjectId, name: &str, content: &[u8]) -> Result<Vec<Sample>, ApiError> {
    let begin = BeginUpload { project: project.clone(), name: name.into(), bytes: content.len().to_string() };
    let upload = fixture.call(begin)?;
    let mut offset = 0;
    for chunk in content.chunks(7) {
        let base64 = STANDARD.encode(chunk);
        fixture.call(UploadChunk { upload: upload.clone(), offset: offset.to_string(), base64 })?;
        offset += chunk.len();
    }
    fixture.call(FinishUpload { upload })
}

#[test]
fn an_upload_becomes_a_sample_when_it_is_whole() {
    let fixture = Fixture::new();
    let (project, root) = fixture.project(&[("a.yaml", STREAMING)]);
    let samples = upload(&fixture, &project.id, "../../evil/events.json", EVENTS.as_bytes()).unwrap();
    assert_eq!(samples.iter().map(|sample| sample.name.as_str()).collect::<Vec<_>>(), ["events.json"]);
    assert_eq!(fs::read_to_string(root.join("data/events.json")).unwrap(), EVENTS);
    let samples = upload(&fixture, &project.id, "events.json", b"{}").unwrap();
    assert_eq!(samples.len(), 2, "a second file of the name gets its own");
    let names = samples.iter().map(|sample| sample.name.as_str()).collect::<Vec<_>>();
    assert_eq!(names, ["events-2.json", "events.json"]);

    let empty = upload(&fixture, &project.id, "empty.json", b"").unwrap();
    assert_eq!(empty.iter().find(|sample| sample.name == "empty.json").unwrap().bytes, "0");
    assert!(
        fs::read_dir(root.join("data")).unwrap().all(|entry| !entry
            .unwrap()
            .file_name()
            .to_str()
            .unwrap()
            .starts_with('.'))
    );
}

#[test]
fn chunks_out_of_order_too_many_or_too_few_are_refused() {
    let fixture = Fixture::new();
    let (project, root) = fixture.project(&[("a.yaml", STREAMING)]);
    let upload = fixture.call(BeginUpload { project: project.id, name: "e.json".into(), bytes: "4".into() }).unwrap();
    let chunk = |offset: &str, content: &[u8]| {
        fixture.call(UploadChunk { upload: upload.clone(), offset: offset.into(), base64: STANDARD.encode(content) })
    };
    assert_eq!(chunk("2", b"ab").unwrap_err().code, ErrorCode::Conflict);
    chunk("0", b"ab").unwrap();
    assert_eq!(chunk("2", b"cdefg").unwrap_err().code, ErrorCode::Invalid);
    assert_eq!(chunk("0", &vec![0; (4 << 20) + 1]).unwrap_err().code, ErrorCode::Invalid);
    assert_eq!(fixture.call(FinishUpload { upload: upload.clone() }).unwrap_err().code, ErrorCode::Invalid);
    assert_eq!(chunk("2", b"cd").unwrap_err().code, ErrorCode::NotFound, "it is over");
    assert_eq!(fs::read_dir(root.join("data")).unwrap().count(), 0);
}

#[test]
fn a_cancelled_upload_leaves_nothing() {
    let fixture = Fixture::new();
    let (project, root) = fixture.project(&[("a.yaml", STREAMING)]);
    let upload = fixture.call(BeginUpload { project: project.id, name: "e.json".into(), bytes: "4".into() }).unwrap();
    fixture.call(CancelUpload { upload }).unwrap();
    assert_eq!(fs::read_dir(root.join("data")).unwrap().count(), 0);
}

#[test]
fn removing_deletes_only_what_the_studio_wrote() {
    let fixture = Fixture::new();
    let (project, root) = fixture.project(&[("a.yaml", STREAMING), ("data/own.json", "[]"), ("data/README.md", "")]);
    let outside = fixture.folder.path().join("outside.json");
    fs::write(&outside, EVENTS).unwrap();
    fixture.choices.0.lock().unwrap().push(outside.clone());
    fixture.call(PickSamples { project: project.id.clone() }).unwrap();
    let samples = upload(&fixture, &project.id, "sent.json", b"[]").unwrap();
    assert_eq!(
        samples.iter().map(|sample| sample.name.as_str()).collect::<Vec<_>>(),
        ["own.json", "sent.json", "outside.json"]
    );
    for sample in samples {
        fixture.call(RemoveSample { project: project.id.clone(), sample: sample.id }).unwrap();
    }
    assert_eq!(fixture.call(OpenProject { project: project.id }).unwrap().samples, []);
    assert!(outside.exists() && root.join("data/own.json").exists());
    assert!(!root.join("data/sent.json").exists());
}

#[test]
fn selection_is_remembered() {
    let fixture = Fixture::new();
    let (project, _) = fixture.project(&[("a.yaml", STREAMING), ("data/e.json", "[]")]);
    let sample = project.samples[0].id.clone();
    let select = |selected| SelectSample { project: project.id.clone(), sample: sample.clone(), selected };
    assert!(!fixture.call(select(false)).unwrap()[0].selected);
    assert!(!fixture.call(OpenProject { project: project.id.clone() }).unwrap().samples[0].selected);
    assert!(fixture.call(select(true)).unwrap()[0].selected);
}

#[test]
fn a_drop_goes_to_the_watched_project() {
    let fixture = Fixture::new();
    let (project, _) = fixture.project(&[("a.yaml", STREAMING)]);
    let dropped = fixture.folder.path().join("dropped.json");
    fs::write(&dropped, EVENTS).unwrap();
    fixture.studio.drop_files(std::slice::from_ref(&dropped));
    assert_eq!(fixture.call(OpenProject { project: project.id.clone() }).unwrap().samples, [], "nobody watches");

    let mut feed = fixture.feed(WatchProject { project: project.id });
    fixture.studio.drop_files(&[dropped]);
    match next::<ProjectEvent>(feed.as_mut()) {
        Some(ProjectEvent::SamplesChanged { samples }) => assert_eq!(samples[0].name, "dropped.json"),
        other => panic!("{other:?}"),
    }
    fixture.studio.drop_files(&[fixture.folder.path().to_path_buf()]);
    match next::<ProjectEvent>(feed.as_mut()) {
        Some(ProjectEvent::DropRefused { message }) => assert!(message.contains("is a folder"), "{message}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_sample_is_described() {
    let fixture = Fixture::new();
    let (project, _) = fixture.project(&[("a.yaml", STREAMING), ("data/e.jsonl", EVENTS)]);
    let describe = DescribeSample { project: project.id, sample: project.samples[0].id.clone() };
    let report = fixture.call(describe).unwrap();
    assert_eq!(report.format, "JSON Lines");
    assert_eq!(report.fields.iter().map(|field| field.path.as_str()).collect::<Vec<_>>(), ["user", "at"]);
}

#[test]
fn links_out_of_the_project_are_no_samples() {
    let fixture = Fixture::new();
    let (project, root) = fixture.project(&[("a.yaml", STREAMING), ("data/e.json", "[]")]);
    let outside = fixture.folder.path().join("outside.json");
    fs::write(&outside, EVENTS).unwrap();
    std::os::unix::fs::symlink(&outside, root.join("data/link.json")).unwrap();
    let samples = fixture.call(OpenProject { project: project.id }).unwrap().samples;
    assert_eq!(samples.iter().map(|sample| sample.name.as_str()).collect::<Vec<_>>(), ["e.json"]);
}

#[test]
fn a_drop_on_the_start_page_makes_a_project() {
    let fixture = Fixture::new();
    let dropped = fixture.folder.path().join("plays.jsonl");
    fs::write(&dropped, EVENTS).unwrap();
    let mut feed = fixture.feed(WatchDrops {});
    fixture.studio.drop_files(&[dropped.clone(), fixture.folder.path().join("gone.json")]);
    match next::<DropEvent>(feed.as_mut()) {
        Some(DropEvent::Refused { message }) => assert!(message.contains("gone.json"), "{message}"),
        other => panic!("{other:?}"),
    }
    fixture.studio.drop_files(&[dropped]);
    match next::<DropEvent>(feed.as_mut()) {
        Some(DropEvent::Opened { project }) => {
            assert_eq!(project.name, "plays");
            assert_eq!((project.documents[0].kind, project.samples.len()), (DocumentKind::Streaming, 1));
            // The first document is about the data that was dropped.
            let (_, events) = fixture.run(&project.id, vec![]).unwrap();
            match &events.last().unwrap().what {
                RunStep::Finished { summary } => {
                    assert_ne!((summary.identities.as_str(), &*summary.unusable), ("0", "0"))
                }
                other => panic!("{other:?}"),
            }
        }
        other => panic!("{other:?}"),
    }
    let folder = fixture.folder.path().join("mine");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("a.yaml"), STREAMING).unwrap();
    fixture.studio.drop_files(&[folder]);
    match next::<DropEvent>(feed.as_mut()) {
        Some(DropEvent::Opened { project }) => assert_eq!(project.name, "mine"),
        other => panic!("{other:?}"),
    }
}
