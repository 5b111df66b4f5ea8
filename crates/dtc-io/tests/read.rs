//! Each case file is read and what came out is compared, line by line, with its expectation.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use dtc_expr::{Mode, Value};
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

#[cfg(feature = "frames")]
#[test]
fn zstd_cut_short_gives_what_is_there_and_says_so() {
    use std::io::Write as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv.zst");
    let mut packer = zstd::Encoder::new(Vec::new(), 1).unwrap();
    writeln!(packer, "number,square").unwrap();
    for number in 0..200_000u64 {
        writeln!(packer, "{number},{}", number * number).unwrap();
    }
    let packed = packer.finish().unwrap();
    fs::write(&path, &packed[..packed.len() / 2]).unwrap();
    let mut records = Input::open(&path, &Projection::All, Mode::Studio).unwrap();
    let all: Vec<_> = records.by_ref().collect();
    assert!(all.len() > 1000);
    let last = all.last().unwrap().as_ref().unwrap_err();
    assert!(last.reason.contains("damaged zstd"), "{}", last.reason);
    for record in &all[..all.len() - 1] {
        let Value::Dict(_, fields) = &record.as_ref().unwrap().value else { panic!("no record") };
        let (Some(Value::Int(number)), Some(Value::Int(square))) =
            (fields.get(&Value::from("number")), fields.get(&Value::from("square")))
        else {
            panic!("{fields:?}")
        };
        assert_eq!(number * number, *square);
    }
    assert_eq!(records.bytes_read(), packed.len() as u64 / 2);
}

#[test]
fn a_huge_cell_is_read_and_one_beyond_the_limit_is_refused() {
    use std::io::{self, Read as _};
    let read = |bytes: u64| {
        let start = io::Cursor::new("id,text\n1,\"");
        let input = start.chain(io::repeat(b'x').take(bytes)).chain(io::Cursor::new("\"\n2,after\n"));
        let input = Input::from_reader("huge.csv", Box::new(input), None, &Projection::All, Mode::Studio).unwrap();
        input.collect::<Vec<_>>()
    };
    let found = read(20 << 20);
    let Value::Dict(_, fields) = &found[0].as_ref().unwrap().value else { panic!("no record") };
    assert_eq!(fields.get(&Value::from("text")).unwrap().as_str().unwrap().len(), 20 << 20);
    let found = read(100 << 20);
    assert_eq!(found[0].as_ref().unwrap_err().reason, "the row is longer than 64 MiB");
    assert_eq!(found.len(), 2);
    assert_eq!(json_text(&found[1].as_ref().unwrap().value), "{\"id\":2,\"text\":\"after\"}");
}

#[test]
fn a_projection_of_csv_and_parquet_keeps_named_columns_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, "a,b.c,b.d,e\n1,2,3,4\n").unwrap();
    let projection = Projection::Fields(vec!["b".into(), "none".into()]);
    assert_eq!(transcript(&path, &projection, Mode::Studio), "format: CSV\n2: {\"b\":{\"c\":2,\"d\":3}}\n");
    let types = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/suite/inputs/parquet-types/data/types.parquet");
    let projection = Projection::Fields(vec!["word".into(), "i8".into()]);
    assert_eq!(
        transcript(&types, &projection, Mode::Studio),
        "format: Parquet\n1: {\"i8\":-128,\"word\":\"red\"}\n2: {\"i8\":null,\"word\":null}\n"
    );
    let none = Projection::Fields(Vec::new());
    assert_eq!(transcript(&types, &none, Mode::Studio), "format: Parquet\n1: {}\n2: {}\n");
    let bytes = Projection::Fields(vec!["bytes".into()]);
    let error = transcript(&types, &bytes, Mode::Studio);
    assert!(
        error.contains("the column `bytes` holds bytes, and a document cannot read that; write it as text"),
        "{error}"
    );
}

#[test]
fn by_blurrs_rules_text_is_json_lines_unless_it_is_named_csv() {
    let folder = tempfile::tempdir().unwrap();
    for (name, format) in [("a.csv", "CSV"), ("a.txt", "JSON Lines")] {
        let path = folder.path().join(name);
        fs::write(&path, "a,b\n1,2\n").unwrap();
        assert_eq!(Input::open(&path, &Projection::All, Mode::Blurr).unwrap().format(), format);
    }
}

#[test]
fn folders_give_their_data_files_sorted() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["b.json", "a.jsonl", "c.log", "d.ndjson", "e.json.gz", "notes.txt"] {
        fs::write(folder.path().join(name), "{}").unwrap();
    }
    fs::create_dir_all(folder.path().join("day=1/_temporary")).unwrap();
    for name in ["day=1/a.csv", "day=1/_SUCCESS", "day=1/_temporary/b.csv", "day=1/.c.csv"] {
        fs::write(folder.path().join(name), "a\n1\n").unwrap();
    }
    let files = data_files(&[folder.path()]).unwrap();
    let names: Vec<_> = files.iter().map(|path| path.strip_prefix(folder.path()).unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["a.jsonl", "b.json", "c.log", "d.ndjson", "day=1/a.csv", "e.json.gz"]);

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
