//! Generated folders: what an export may overwrite and what it must leave.

use std::fs;

use dtc_io::{IoError, write_bundle};

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
