//! Generated folders: what an export may overwrite and what it must leave.

use std::fs;

use dtc_io::{Edited, Exported, IoError, edited_files, write_bundle, write_bundle_with};
use tempfile::TempDir;

#[test]
fn an_export_replaces_its_own_files_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("bundle");
    let first = [("template.yaml", "one"), ("function/bootstrap", "binary"), ("old.txt", "old")];
    assert_eq!(write_bundle(&out, &first, false).unwrap().written, 3);
    let again = write_bundle(&out, &first, false).unwrap();
    assert_eq!((again.written, again.unchanged), (0, 3));

    let second = [("template.yaml", "two"), ("function/bootstrap", "binary"), ("README.md", "new")];
    fs::write(out.join("README.md"), "mine").unwrap();
    let error = write_bundle(&out, &second, false).unwrap_err();
    assert!(matches!(&error, IoError::WouldOverwrite { files, .. } if *files == ["README.md"]), "{error}");
    assert_eq!(fs::read_to_string(out.join("template.yaml")).unwrap(), "one", "a refused export touches nothing");

    let forced = write_bundle(&out, &second, true).unwrap();
    assert_eq!((forced.written, forced.removed), (2, 1));
    assert_eq!(fs::read_to_string(out.join("README.md")).unwrap(), "new");
    assert!(!out.join("old.txt").exists());
}

#[test]
fn a_changed_generated_file_is_a_persons_work() {
    let folder = tempfile::tempdir().unwrap();
    write_bundle(folder.path(), &[("a", "1"), ("b", "1")], false).unwrap();
    fs::write(folder.path().join("a"), "edited").unwrap();
    assert!(write_bundle(folder.path(), &[("a", "2")], false).is_err());
    // Not part of the new export, but changed: it stays.
    fs::write(folder.path().join("b"), "edited").unwrap();
    write_bundle(folder.path(), &[("c", "1")], false).unwrap();
    assert_eq!(fs::read_to_string(folder.path().join("b")).unwrap(), "edited");
}

#[test]
fn names_that_leave_the_folder_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["../x", "/etc/x", "a/../../x", "", "a\\b"] {
        assert!(matches!(write_bundle(folder.path(), &[(name, "")], true), Err(IoError::Outside { .. })), "{name}");
    }
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(
        write_bundle(&file, &[("a", "")], false)
            .unwrap_err()
            .to_string()
            .ends_with("is a file; a folder is needed here")
    );
}

#[cfg(unix)]
#[test]
fn programs_can_be_run() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    write_bundle(folder.path(), &[("bin/bootstrap", "x"), ("deploy.sh", "x"), ("a.txt", "x")], false).unwrap();
    let mode = |name: &str| fs::metadata(folder.path().join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("bin/bootstrap"), mode("deploy.sh")), (0o755, 0o755));
    assert_ne!(mode("a.txt") & 0o111, 0o111);
}

#[test]
fn edits_are_shown_and_kept_or_given_up_one_by_one() {
    let folder = TempDir::new().unwrap();
    let out = folder.path();
    write_bundle(out, &[("a", "a1\n"), ("b", "b1\n"), ("c", "c1\n")], false).unwrap();
    fs::write(out.join("a"), "mine\n").unwrap();
    fs::write(out.join("b"), "mine too\n").unwrap();
    fs::write(out.join("new"), "a stranger\n").unwrap();
    let next = [("a", "a2\n"), ("b", "b2\n"), ("c", "c2\n"), ("new", "n2\n")];
    let edited = edited_files(out, &next).unwrap();
    let told: Vec<_> = edited.iter().map(|it| (it.path.as_str(), it.is_ours, it.written.as_deref())).collect();
    assert_eq!(told, [("a", true, Some("a1\n")), ("b", true, Some("b1\n")), ("new", false, None)]);
    let decide = |path: &str, there: &[u8]| match (path, there) {
        ("a", b"mine\n") => Edited::Keep,
        ("b", b"mine too\n") => Edited::Overwrite,
        ("new", _) => Edited::Keep,
        _ => Edited::Stop,
    };
    let done = write_bundle_with(out, &next, decide).unwrap();
    assert_eq!((done.written, done.unchanged, done.removed, done.kept), (2, 0, 0, 2));
    let read = |name: &str| fs::read_to_string(out.join(name)).unwrap();
    assert_eq!([read("a"), read("b"), read("c"), read("new")], ["mine\n", "b2\n", "c2\n", "a stranger\n"]);
    // What was kept is still an edit, of what was written last.
    let again = edited_files(out, &next).unwrap();
    let told: Vec<_> = again.iter().map(|it| (it.path.as_str(), it.written.as_deref())).collect();
    assert_eq!(told, [("a", Some("a1\n")), ("new", None)]);
}

#[test]
fn a_note_tells_what_was_exported() {
    let folder = TempDir::new().unwrap();
    let note = folder.path().join("notes/last.json");
    assert_eq!(Exported::read(&note), None);
    Exported::of(&[("a.txt", b"text\n".as_slice()), ("b.zip", b"\0\xff")]).write(&note).unwrap();
    let read = Exported::read(&note).unwrap();
    assert!(read.is("a.txt", b"text\n") && !read.is("a.txt", b"other") && read.is("b.zip", b"\0\xff"));
    assert_eq!((read.text("a.txt"), read.text("b.zip")), (Some("text\n"), None));
    // Notes of before there were texts.
    fs::write(&note, r#"{"files": {"a.txt": "00"}}"#).unwrap();
    assert_eq!(Exported::read(&note).unwrap().paths().collect::<Vec<_>>(), ["a.txt"]);
}
