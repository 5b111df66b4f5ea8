//! Each case file is read and what came out is compared, line by line, with its expectation.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use dtc_expr::Mode;
use dtc_io::json::json_text;
use dtc_io::{Input, IoError, Projection, data_files, profile};

pub fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// What reading a file gave, as text.
fn transcript(path: &Path, projection: &Projection, mode: Mode) -> String {
    let mut out = String::new();
    let mut records = match Input::open(path, projection, mode) {
        Ok(records) => records,
        Err(error) => return format!("error: {}\n", error.to_string().replace(&path.display().to_string(), "FILE")),
    };
    writeln!(out, "format: {}", records.format()).unwrap();
    for record in records.by_ref() {
        match record {
            Ok(record) => writeln!(out, "{}: {}", record.line, json_text(&record.value)).unwrap(),
            Err(bad) => writeln!(out, "{}: BAD {} | {}", bad.line, bad.reason, bad.text.replace('\n', "\\n")).unwrap(),
        }
    }
    for notice in records.notices() {
        writeln!(out, "notice: {notice}").unwrap();
    }
    out
}

#[test]
fn cases_read_as_written_down() {
    let mut wrong = Vec::new();
    let mut files: Vec<PathBuf> =
        fs::read_dir(cases().join("read")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut count = 0;
    for input in files.iter().filter(|path| path.extension().is_some_and(|ending| ending == "in")) {
        count += 1;
        let name = input.file_stem().unwrap().to_str().unwrap();
        let mode = if name.starts_with("blurr") { Mode::Blurr } else { Mode::Studio };
        let found = transcript(input, &Projection::All, mode);
        let expected = input.with_extension("out");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&expected, &found).unwrap();
        } else if fs::read_to_string(&expected).unwrap_or_default() != found {
            wrong.push(format!("{name}:\n{found}"));
        }
    }
    assert!(count > 15, "only {count} cases found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_projection_keeps_named_top_level_fields_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    fs::write(&path, "{\"a\":1,\"b\":{\"a\":2,\"c\":[1,2]},\"c\":\"x\"}\n{\"c\":tru}\n{\"b\":1}\n").unwrap();
    let projection = Projection::Fields(vec!["b".into()]);
    let found = transcript(&path, &projection, Mode::Studio);
    let expected = "format: JSON Lines\n1: {\"b\":{\"a\":2,\"c\":[1,2]}}\n2: BAD a value expected, found `tru` (column 6) | {\"c\":tru}\n3: {\"b\":1}\n";
    assert_eq!(found, expected);
}

#[test]
fn integers_keep_every_digit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    fs::write(&path, "[{\"n\":9223372036854775807,\"m\":9223372036854775808,\"k\":-123456789012345678901234567890}]")
        .unwrap();
    let found = transcript(&path, &Projection::All, Mode::Studio);
    assert!(
        found.contains("{\"n\":9223372036854775807,\"m\":9223372036854775808,\"k\":-123456789012345678901234567890}"),
        "{found}"
    );
}

#[test]
fn gzip_is_known_by_its_first_bytes_and_several_parts_are_one_file() {
    use std::io::Write as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.log");
    let mut file = fs::File::create(&path).unwrap();
    for part in ["{\"a\":1}\n", "{\"a\":2}\n"] {
        let mut packer = flate2::write::GzEncoder::new(&mut file, flate2::Compression::fast());
        packer.write_all(part.as_bytes()).unwrap();
        packer.finish().unwrap();
    }
    assert_eq!(
        transcript(&path, &Projection::All, Mode::Studio),
        "format: JSON Lines, gzip\n1: {\"a\":1}\n2: {\"a\":2}\n"
    );
}

#[test]
fn gzip_cut_short_gives_what_is_there_and_says_so() {
    use std::io::Write as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gz");
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for number in 0..20_000 {
        writeln!(packer, "{{\"number\":{number}}}").unwrap();
    }
    let packed = packer.finish().unwrap();
    fs::write(&path, &packed[..packed.len() / 2]).unwrap();
    let mut records = Input::open(&path, &Projection::All, Mode::Studio).unwrap();
    let all: Vec<_> = records.by_ref().collect();
    assert!(all.len() > 1000);
    let last = all.last().unwrap().as_ref().unwrap_err();
    assert!(last.reason.contains("damaged gzip"), "{}", last.reason);
    assert_eq!(records.bytes_read(), packed.len() as u64 / 2);
    assert_eq!(records.total_bytes(), Some(packed.len() as u64 / 2));

    fs::write(&path, &packed[..8]).unwrap();
    let error = Input::open(&path, &Projection::All, Mode::Studio).err().unwrap();
    assert!(matches!(error, IoError::Damaged { packing: "gzip", .. }), "{error}");
}

#[test]
fn folders_give_their_data_files_sorted() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["b.json", "a.jsonl", "c.log", "d.ndjson", "e.json.gz", "notes.txt"] {
        fs::write(folder.path().join(name), "{}").unwrap();
    }
    let files = data_files(&[folder.path()]).unwrap();
    let names: Vec<_> = files.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["a.jsonl", "b.json", "c.log", "d.ndjson", "e.json.gz"]);

    let missing = data_files(&[folder.path().join("nowhere")]).unwrap_err().to_string();
    assert!(missing.ends_with("nowhere: no such file or folder; check the spelling"), "{missing}");
    let inside = data_files(&[folder.path().join("b.json/x")]).unwrap_err().to_string();
    assert!(inside.ends_with("is a file; a folder is needed here"), "{inside}");
    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(data_files(&[empty.path()]), Err(IoError::NoData { .. })));
    assert!(matches!(Input::open(folder.path(), &Projection::All, Mode::Studio).err(), Some(IoError::IsFolder { .. })));
}

#[test]
fn a_profile_tells_paths_types_shares_and_examples() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    fs::write(&path, "{\"id\":1,\"device\":{\"os\":\"ios\"}}\n{\"id\":\"x\"}\nbad\n{\"id\":2,\"device\":{\"os\":\"ios\"}}\n{\"id\":3}\n").unwrap();
    let profile = profile(&path, 3).unwrap();
    assert_eq!((profile.records, profile.bad.len(), profile.format.as_str()), (3, 1, "JSON Lines"));
    let fields: Vec<_> = profile
        .fields
        .iter()
        .map(|field| (field.path.as_str(), field.types.join(" "), (field.share * 3.0).round()))
        .collect();
    assert_eq!(
        fields,
        [
            ("id", "number text".to_owned(), 3.0),
            ("device", "object".to_owned(), 2.0),
            ("device.os", "text".to_owned(), 2.0)
        ]
    );
    assert_eq!(profile.fields[0].examples, ["1", "\"x\"", "2"]);
    assert_eq!(profile.fields[2].examples, ["\"ios\""]);
}
