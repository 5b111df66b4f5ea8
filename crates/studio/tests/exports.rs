//! Bundles in memory, as a zip and as a folder.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use studio_api::*;

use crate::fixture::{Fixture, next};

#[test]
fn a_bundle_is_made_downloaded_and_saved() {
    let fixture = with_function();
    let project = fixture.call(OpenTemplate { template: "offer-ai".into() }).unwrap();
    for (target, name) in [(BundleTarget::Sam, "sam"), (BundleTarget::Cloudformation, "cloudformation")] {
        let export = ExportBundle { project: project.id.clone(), target, drafts: vec![] };
        let info = fixture.call(export).unwrap();
        assert!(info.files.iter().any(|file| file.path == "README.md" && file.text.is_some()), "{:?}", info.files);
        assert!(info.environments.len() == 3 && info.environments.iter().all(|one| !one.commands.is_empty()));
        assert!(
            info.files.iter().any(|file| file.path == "proof/events.jsonl" && file.bytes > 1000),
            "{:?}",
            info.files
        );
        let zip = fixture.call(DownloadExport { export: info.export.clone() }).unwrap();
        assert_eq!(zip.name, format!("offer-ai-{name}.zip"));
        assert!(STANDARD.decode(zip.base64).unwrap().starts_with(b"PK"));
        for _ in 0..2 {
            let saved = fixture.call(save(&info, SavePlace::Project, None)).unwrap();
            let SaveOutcome::Saved(saved) = saved else { panic!("{saved:?}") };
            assert_eq!(saved.files, info.files.len() as u64);
            assert!(saved.location.ends_with(&format!("exports/{name}")), "{}", saved.location);
        }
        assert_eq!(fixture.call(save(&info, SavePlace::Ask, None)).unwrap(), SaveOutcome::Closed);
    }
}

fn save(info: &ExportInfo, to: SavePlace, overwrite: Option<&[&str]>) -> SaveExport {
    let overwrite = overwrite.map(|paths| paths.iter().map(|path| (*path).to_owned()).collect());
    SaveExport { export: info.export.clone(), to, overwrite }
}

fn with_function() -> Fixture {
    Fixture::with(|config| {
        let bootstrap = config.workspace.parent().unwrap().join("bootstrap");
        fs::write(&bootstrap, b"\x7fELF function").unwrap();
        config.bootstrap = Some(bootstrap);
    })
}

/// The streaming document of the template with another table.
fn draft(fixture: &Fixture, project: &Project) -> Draft {
    let document = "streaming.dtc.yaml".to_owned();
    let read = ReadDocument { project: project.id.clone(), document: document.clone() };
    let text = fixture.call(read).unwrap().text.replace("Table: offer_ai_sessions", "Table: offer_ai_rows");
    Draft { document, text }
}

#[test]
fn an_export_is_compared_with_the_last_one() {
    let fixture = with_function();
    let project = fixture.call(OpenTemplate { template: "offer-ai".into() }).unwrap();
    let export = |drafts| ExportBundle { project: project.id.clone(), target: BundleTarget::Sam, drafts };
    let first = fixture.call(export(vec![])).unwrap();
    assert!(first.last.is_none() && first.warnings.is_empty(), "{:?}", first.warnings);
    assert!(first.files.iter().all(|file| file.change == FileChange::Same));
    let names: Vec<&str> = first.environments.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["dev", "qa", "prod"]);
    assert_eq!(first.environments[1].commands, ["sam deploy --config-env qa"]);
    assert!(first.resources.iter().any(|it| it.kind == "DynamoDB table" && it.holds_data && it.line > 0));
    assert_eq!(first.diagram.matches("data-node").count(), first.resources.len());

    fixture.call(DownloadExport { export: first.export }).unwrap();
    let second = fixture.call(export(vec![draft(&fixture, &project)])).unwrap();
    let of = |path: &str| second.files.iter().find(|file| file.path == path).unwrap();
    let template = of("template.yaml");
    // The table, the documents' digest, and the version of the function that both make.
    assert_eq!((template.change, template.added, template.removed), (FileChange::Changed, 3, 3));
    assert!(
        template.diff.contains("\n-    Default: offer_ai_sessions\n+    Default: offer_ai_rows\n"),
        "{}",
        template.diff
    );
    let gone: Vec<&str> =
        second.files.iter().filter(|it| it.change == FileChange::Gone).map(|it| it.path.as_str()).collect();
    assert!(matches!(gone[..], [zip] if zip.ends_with(".zip")), "{gone:?}");
    let severe: Vec<bool> = second.warnings.iter().map(|warning| warning.severe).collect();
    assert_eq!(severe, [true, true, false], "{:?}", second.warnings);
    assert!(second.last.is_some());
}

#[test]
fn edits_by_hand_stop_a_save_until_somebody_chose() {
    let fixture = with_function();
    let project = fixture.call(OpenTemplate { template: "offer-ai".into() }).unwrap();
    let export =
        |drafts| fixture.call(ExportBundle { project: project.id.clone(), target: BundleTarget::Sam, drafts }).unwrap();
    let first = export(vec![]);
    let SaveOutcome::Saved(saved) = fixture.call(save(&first, SavePlace::Project, None)).unwrap() else { panic!() };
    let folder = std::path::PathBuf::from(saved.location);
    let edit = |name: &str, line: &str| {
        let text = fs::read_to_string(folder.join(name)).unwrap();
        fs::write(folder.join(name), text + line).unwrap();
    };
    edit("README.md", "mine\n");
    edit("samconfig.toml", "# mine\n");
    let second = export(vec![draft(&fixture, &project)]);
    let stopped = |outcome: SaveOutcome| match outcome {
        SaveOutcome::Edited { files, .. } => files,
        other => panic!("{other:?}"),
    };
    let shown = stopped(fixture.call(save(&second, SavePlace::Project, None)).unwrap());
    let told: Vec<&str> = shown.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(told, ["README.md", "samconfig.toml"]);
    assert!(shown[0].diff.ends_with("+mine\n") && shown[0].about.contains("since the last export"), "{shown:?}");
    assert!(!fs::read_to_string(folder.join("template.yaml")).unwrap().contains("offer_ai_rows"));
    // Edited again before the choice: what was not seen is not given up.
    edit("samconfig.toml", "# and more\n");
    let again = stopped(fixture.call(save(&second, SavePlace::Again, Some(&["samconfig.toml"]))).unwrap());
    assert!(again[1].diff.contains("+# and more"), "{again:?}");
    let done = fixture.call(save(&second, SavePlace::Again, Some(&["samconfig.toml"]))).unwrap();
    assert!(matches!(&done, SaveOutcome::Saved(saved) if saved.kept == 1), "{done:?}");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    assert!(read("README.md").ends_with("mine\n") && !read("samconfig.toml").contains("mine"));
    assert!(read("template.yaml").contains("offer_ai_rows"));
    let error = fixture.call(save(&second, SavePlace::Again, Some(&[]))).unwrap_err();
    assert_eq!(error.code, ErrorCode::Conflict);
}

#[test]
fn a_bundle_is_verified_step_by_step() {
    let fixture = with_function();
    let project = fixture.call(OpenTemplate { template: "offer-ai".into() }).unwrap();
    for target in [BundleTarget::Sam, BundleTarget::Cloudformation] {
        let info = fixture.call(ExportBundle { project: project.id.clone(), target, drafts: vec![] }).unwrap();
        let verify = fixture.call(VerifyExport { export: info.export }).unwrap();
        // Programs of this machine may take long; our own looks come first.
        fixture.call(CancelVerify { verify: verify.clone() }).unwrap();
        let mut feed = fixture.feed(WatchVerify { verify, after: 0 });
        let mut last = None;
        while let Some(state) = next::<VerifyState>(feed.as_mut()) {
            last = Some(state);
        }
        let last = last.unwrap();
        assert!(last.ended && last.steps.len() >= 8, "{last:?}");
        for step in &last.steps[..6] {
            assert_eq!((step.state, &step.findings), (StepState::Good, &vec![]), "{step:?}");
        }
        assert!(
            last.steps.iter().all(|step| !matches!(step.state, StepState::Waiting | StepState::Running)),
            "{last:?}"
        );
    }
}

#[test]
fn documents_with_errors_are_not_exported() {
    let fixture = Fixture::new();
    let project = fixture.call(OpenTemplate { template: "offer-ai".into() }).unwrap();
    let draft = Draft { document: project.documents[0].name.clone(), text: "Type: ProductML:DTC:Streaming".into() };
    let export = ExportBundle { project: project.id, target: BundleTarget::Sam, drafts: vec![draft] };
    let error = fixture.call(export).unwrap_err();
    assert!(error.code == ErrorCode::Invalid && !error.diagnostics.is_empty(), "{error:?}");
}

#[test]
fn without_the_function_the_cure_is_named() {
    let fixture = Fixture::with(|config| config.bootstrap = Some("/nonexistent/bootstrap".into()));
    let project = fixture.call(OpenTemplate { template: "offer-ai".into() }).unwrap();
    let export = ExportBundle { project: project.id, target: BundleTarget::Sam, drafts: vec![] };
    let error = fixture.call(export).unwrap_err();
    assert_eq!(error.code, ErrorCode::External);
    assert!(error.message.contains("bootstrap"), "{error}");
}
