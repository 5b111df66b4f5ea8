//! Templates, folders, recent projects, settings.

use std::fs;

use studio_api::*;

use crate::fixture::{Fixture, STREAMING};

#[test]
fn a_template_is_copied_once_and_then_opened() {
    let fixture = Fixture::new();
    let templates = fixture.call(ListTemplates {}).unwrap();
    assert!(templates.iter().any(|template| template.id == "offer-ai" && !template.title.is_empty()));
    let project = fixture.call(OpenTemplate { template: "offer-ai".into() }).unwrap();
    let kinds: Vec<_> = project.documents.iter().map(|document| document.kind).collect();
    assert!(kinds.contains(&DocumentKind::Streaming) && kinds.contains(&DocumentKind::Window));
    assert!(project.documents.iter().all(|document| document.name != "template.yaml"));
    assert!(!project.samples.is_empty(), "the template brings data");

    let streaming = project.documents[0].name.clone();
    let write = WriteDocument {
        project: project.id.clone(),
        document: streaming.clone(),
        text: "changed".into(),
        version: None,
    };
    fixture.call(write).unwrap();
    let again = fixture.call(OpenTemplate { template: "offer-ai".into() }).unwrap();
    assert_eq!(again.id, project.id);
    assert_eq!(fixture.call(ReadDocument { project: project.id, document: streaming }).unwrap().text, "changed");
}

#[test]
fn template_names_are_not_paths() {
    let fixture = Fixture::new();
    for id in ["../sample-data", "/etc", "", ".", "offer-ai/data"] {
        let error = fixture.call(OpenTemplate { template: id.into() }).unwrap_err();
        assert_eq!(error.code, ErrorCode::NotFound, "{id}");
    }
}

#[test]
fn opened_folders_are_remembered_with_the_given_one_first() {
    let fixture = Fixture::new();
    let (project, root) = fixture.project(&[("streaming.yaml", STREAMING)]);
    fixture.call(OpenTemplate { template: "offer-ai".into() }).unwrap();
    let recent = fixture.call(ListProjects {}).unwrap();
    assert_eq!(recent.iter().map(|project| project.name.as_str()).collect::<Vec<_>>(), ["offer-ai", "mine"]);
    assert_eq!(fs::read_to_string(fixture.folder.path().join("workspace/studio.yaml")).unwrap().lines().count(), 3);

    let workspace = fixture.folder.path().join("workspace");
    let later = Fixture::with(|config| {
        config.workspace = workspace;
        config.folder = Some(root);
    });
    assert_eq!(later.call(ListProjects {}).unwrap()[0].id, project.id);
    assert_eq!(later.call(OpenProject { project: project.id.clone() }).unwrap().id, project.id);
    let unknown = later.call(OpenProject { project: ProjectId("/etc".into()) }).unwrap_err();
    assert_eq!(unknown.code, ErrorCode::NotFound);
}

#[test]
fn what_cannot_be_opened_says_why() {
    let fixture = Fixture::new();
    let file = fixture.folder.path().join("file.json");
    fs::write(&file, "{}").unwrap();
    fixture.choices.0.lock().unwrap().push(file);
    let error = fixture.call(PickFolder {}).unwrap_err();
    assert!(error.message.contains("is a file") && error.code == ErrorCode::Invalid, "{error}");

    fixture.choices.0.lock().unwrap().push(fixture.folder.path().join("gone"));
    let error = fixture.call(PickFolder {}).unwrap_err();
    assert!(error.message.contains("gone") && error.code == ErrorCode::External, "{error}");
    assert_eq!(fixture.call(PickFolder {}).unwrap(), None, "closing the dialog is no error");
}

#[test]
fn without_dialogs_the_host_says_so() {
    let fixture = Fixture::with(|config| config.native = None);
    assert!(!fixture.call(GetCapabilities {}).unwrap().native_dialogs);
    assert_eq!(fixture.call(PickFolder {}).unwrap_err().code, ErrorCode::Unsupported);
}

#[test]
fn broken_settings_are_named_and_kept() {
    let fixture = Fixture::new();
    let file = fixture.folder.path().join("workspace/studio.yaml");
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, "recent: {").unwrap();
    let error = fixture.call(OpenTemplate { template: "offer-ai".into() }).unwrap_err();
    assert!(error.message.contains("studio.yaml"), "{error}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "recent: {");
}

#[test]
fn an_import_makes_a_project_of_documents_only() {
    let fixture = Fixture::new();
    let draft = |document: &str| Draft { document: document.into(), text: STREAMING.into() };
    let import = |files| ImportProject { name: "../My game!".into(), files };
    let project = fixture.call(import(vec![draft("a.yaml"), draft("functions/f.rhai")])).unwrap();
    assert_eq!(project.name, "My-game");
    assert_eq!(project.documents.len(), 2);
    assert_eq!(fixture.call(import(vec![draft("a.yaml")])).unwrap().name, "My-game-2");
    for name in ["../a.yaml", "/a.yaml", "x/a.yaml", "functions/../a.yaml", ".studio.yaml", "a.json", ".yaml"] {
        let error = fixture.call(import(vec![draft(name)])).unwrap_err();
        assert_eq!(error.code, ErrorCode::Invalid, "{name}");
    }
}

#[test]
fn requests_that_are_none_are_refused() {
    let fixture = Fixture::new();
    let call = |name, json| studio::dispatch(&fixture.studio, name, json).unwrap_err().code;
    assert_eq!(call("NoSuchCommand", "{}"), ErrorCode::NotFound);
    assert_eq!(call("OpenTemplate", "{"), ErrorCode::Invalid);
    assert_eq!(call("OpenTemplate", "{\"template\": 3}"), ErrorCode::Invalid);
    assert!(studio::subscribe(&fixture.studio, "WatchRun", "{\"run\": \"r9\", \"after\": 0}").is_err());
}
