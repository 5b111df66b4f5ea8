//! `dtc export`.

use std::fs;
use std::io::Cursor;

use crate::{EVENTS, Place, STREAMING, WINDOW};

/// The bundle's store is a table, as the function that is exported needs it.
fn streaming() -> String {
    STREAMING.replace(
        "Type: ProductML:DTC:Store:Memory\n    Name: memory\n",
        "Type: ProductML:DTC:Store:Dynamo\n    Name: memory\n    Table: plays\n",
    )
}

fn project() -> (Place, std::path::PathBuf) {
    let place = Place::make();
    place.file("plays/s.dtc.yaml", streaming());
    place.file("plays/w.dtc.yaml", WINDOW);
    place.file("plays/functions/price.rhai", "fn half(x) { x / 2.0 }\n");
    let bootstrap = place.file("bootstrap", "the function");
    (place, bootstrap)
}

#[test]
fn a_bundle_is_written_and_written_again() {
    let (place, bootstrap) = project();
    for target in ["sam", "cloudformation"] {
        let export = || {
            place.dtc_with(
                "DTC_LAMBDA_BOOTSTRAP",
                &bootstrap,
                &["export", "--target", target, "--out", target, "plays"],
            )
        };
        let said = export();
        assert!(said.succeeds().out.contains("To deploy it:"), "{}", said.out);
        assert!(fs::read_dir(place.path().join(target)).unwrap().count() > 2);
        let again = export();
        assert!(again.succeeds().out.contains(": 0 files written"), "{}", again.out);
    }
}

#[test]
fn sample_events_become_the_proof() {
    let (place, bootstrap) = project();
    let export =
        || place.dtc_with("DTC_LAMBDA_BOOTSTRAP", &bootstrap, &["export", "--target", "sam", "--out", "out", "plays"]);
    assert!(export().succeeds().err.contains("so the bundle holds no proof"));
    assert!(!place.path().join("out/proof").exists());
    place.file("plays/data/plays.jsonl", EVENTS);
    assert_eq!(export().succeeds().err, "");
    let proof = |file: &str| place.read(&format!("out/proof/{file}"));
    // What cannot be used is left out; the others are in order of their time.
    let lines: Vec<String> = proof("events.jsonl").lines().map(|line| line.chars().take(11).collect()).collect();
    assert_eq!(lines, [r#"{"user":"a""#, r#"{"user":"b""#, r#"{"user":"a""#]);
    assert!(proof("proof.json").contains("\"moments\": [0, 0, 1]"), "{}", proof("proof.json"));
    let keys: Vec<String> = proof("rows/MemoryTable.jsonl")
        .lines()
        .map(|line| line.split(",\"_identity\"").next().unwrap_or_default().to_owned())
        .collect();
    let key = |identity: &str, range: &str| format!(r#"{{"partition_key":"{identity}","range_key":"{range}""#);
    assert_eq!(
        keys,
        [
            // As an identity's records were first stored.
            key("a", "session/s1/"),
            key("a", "user//"),
            key("a", "session/s2/"),
            key("b", "user//"),
            key("b", "session/s3/")
        ]
    );
    assert_eq!(proof("rows/FeatureBucket.jsonl").lines().count(), 1);
}

#[test]
fn changed_files_are_not_overwritten_without_force() {
    let (place, bootstrap) = project();
    place.file("out/README.md", "mine");
    let export = |more: &[&str]| {
        let arguments = [&["export", "--target", "sam", "--out", "out", "plays"], more].concat();
        place.dtc_with("DTC_LAMBDA_BOOTSTRAP", &bootstrap, &arguments)
    };
    export(&[]).fails(1, "README.md; choose another folder, or --force to overwrite them");
    assert_eq!(place.read("out/README.md"), "mine");
    export(&["--force"]).succeeds();
    assert_ne!(place.read("out/README.md"), "mine");
}

#[test]
fn a_zip_holds_the_same_files() {
    let (place, bootstrap) = project();
    let said = place.dtc_with(
        "DTC_LAMBDA_BOOTSTRAP",
        &bootstrap,
        &["export", "--target", "sam", "--zip", "b.zip", "--out", "out", "plays"],
    );
    said.succeeds();
    let mut archive = zip::ZipArchive::new(Cursor::new(fs::read(place.path().join("b.zip")).unwrap())).unwrap();
    for place_in_zip in 0..archive.len() {
        let file = archive.by_index(place_in_zip).unwrap();
        if file.is_file() {
            assert!(place.path().join("out").join(file.name()).is_file(), "{}", file.name());
        }
    }
}

#[test]
fn what_stands_in_the_way_is_said() {
    let (place, bootstrap) = project();
    let export = |folder: &str| {
        place.dtc_with("DTC_LAMBDA_BOOTSTRAP", &bootstrap, &["export", "--target", "sam", "--out", "out", folder])
    };
    export("nowhere").fails(1, "nowhere: no such file or folder");
    export("bootstrap").fails(1, "bootstrap is a file; a folder is needed here");
    fs::create_dir(place.path().join("void")).unwrap();
    export("void").fails(1, "void holds no streaming document");
    place.file("plays/broken.dtc.yaml", "Type: [\n");
    export("plays").fails(1, "broken.dtc.yaml");
    place.dtc(&["export", "--target", "sam", "plays"]).fails(2, "--out");
    assert!(!place.path().join("out").exists(), "a refused export writes nothing");
    fs::remove_file(place.path().join("plays/broken.dtc.yaml")).unwrap();
    let missing = place.path().join("no-bootstrap");
    place
        .dtc_with("DTC_LAMBDA_BOOTSTRAP", &missing, &["export", "--target", "sam", "--out", "out", "plays"])
        .fails(1, "no-bootstrap: no such file");
}
