//! Bundles in memory, as a zip and as a folder.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use studio_api::*;

use crate::fixture::Fixture;

#[test]
fn a_bundle_is_made_downloaded_and_saved() {
    let fixture = Fixture::with(|config| {
        let bootstrap = config.workspace.parent().unwrap().join("bootstrap");
        fs::write(&bootstrap, b"\x7fELF function").unwrap();
        config.bootstrap = Some(bootstrap);
    });
    let project = fixture.call(OpenTemplate { template: "offer-ai".into() }).unwrap();
    for (target, name) in [(BundleTarget::Sam, "sam"), (BundleTarget::Cloudformation, "cloudformation")] {
        let export = ExportBundle { project: project.id.clone(), target, drafts: vec![] };
        let info = fixture.call(export).unwrap();
        assert!(info.files.iter().any(|file| file.path == "README.md" && file.text.is_some()), "{:?}", info.files);
        assert!(!info.commands.is_empty());
        assert!(
            info.files.iter().any(|file| file.path == "proof/events.jsonl" && file.bytes > 1000),
            "{:?}",
            info.files
        );
        let zip = fixture.call(DownloadExport { export: info.export.clone() }).unwrap();
        assert_eq!(zip.name, format!("offer-ai-{name}.zip"));
        assert!(STANDARD.decode(zip.base64).unwrap().starts_with(b"PK"));
        for _ in 0..2 {
            let save = SaveExport { export: info.export.clone(), to: SavePlace::Project };
            let saved = fixture.call(save).unwrap().unwrap();
            assert_eq!(saved.files, info.files.len() as u64);
            assert!(saved.location.ends_with(&format!("exports/{name}")), "{}", saved.location);
        }
        let closed = fixture.call(SaveExport { export: info.export, to: SavePlace::Ask }).unwrap();
        assert_eq!(closed, None);
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
