//! Sizes: long lines, deep nesting, lines that never end. None of them may take the memory or the rest.

use std::io::{self, Read};

use dtc_expr::Mode;
use dtc_io::{BadRecord, Input, IoError, Projection};

fn read(input: impl Read + Send + 'static) -> Vec<Result<u64, BadRecord>> {
    let records = Input::from_reader("test", Box::new(input), None, &Projection::All, Mode::Studio).unwrap();
    records.map(|record| record.map(|record| record.line)).collect()
}

#[cfg(feature = "frames")]
#[test]
fn parquet_with_any_damage_gives_records_and_reasons() {
    let cases = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/suite/inputs");
    // Numbers as C's standard has them: the same damage each time.
    let mut seed = 1u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for file in ["parquet-types/data/types.parquet", "same-rows/data/zstd.parquet", "same-rows/data/groups.parquet"] {
        let whole = std::fs::read(cases.join(file)).unwrap();
        for _ in 0..400 {
            let mut bytes = whole.clone();
            for _ in 0..=random(3) {
                // The first bytes say that it is Parquet.
                let at = 5 + random(bytes.len() - 5);
                bytes[at] = random(256) as u8;
            }
            let input = Box::new(io::Cursor::new(bytes));
            if let Ok(records) = Input::from_reader("damaged", input, None, &Projection::All, Mode::Studio) {
                assert!(records.count() <= 1000);
            }
        }
    }
}

fn reason(result: &Result<u64, BadRecord>) -> &str {
    &result.as_ref().unwrap_err().reason
}

#[test]
fn a_record_of_one_hundred_megabytes_is_refused_and_the_rest_read() {
    let start = io::Cursor::new("{\"a\":1}\n{\"a\":\"");
    let end = io::Cursor::new("\"}\n{\"a\":2}\n");
    let found = read(start.chain(io::repeat(b'x').take(100 << 20)).chain(end));
    assert_eq!(found.len(), 3);
    assert_eq!(found[0], Ok(1));
    assert_eq!(
        reason(&found[1]),
        "the record is longer than 64 MiB (column 67108868)".replace("67108868", column(&found[1]))
    );
    assert!(found[1].as_ref().unwrap_err().text.len() < 800);
    assert_eq!(found[2], Ok(3));
}

/// The column that a reason names, whatever it is.
fn column(result: &Result<u64, BadRecord>) -> &str {
    reason(result).rsplit_once("column ").map_or("", |(_, rest)| rest.trim_end_matches(')'))
}

#[test]
fn a_line_of_one_hundred_megabytes_of_small_records_is_read() {
    let unit = b"{\"event\":\"game_start\",\"time\":\"2018-03-07T22:35:31+00:00\",\"n\":12345},";
    let count = (100 << 20) / unit.len();
    let body = unit.repeat(count);
    let input = io::Cursor::new(b"[".to_vec())
        .chain(io::Cursor::new(body))
        .chain(io::Cursor::new(b"{\"event\":\"end\"}]".to_vec()));
    let found = read(input);
    assert_eq!(found.len(), count + 1);
    assert!(found.iter().all(|result| *result == Ok(1)));
}

#[test]
fn text_without_a_line_end_is_one_bad_record() {
    let found = read(io::repeat(b'a').take(300 << 20));
    assert_eq!(found.len(), 1);
    assert_eq!(reason(&found[0]), "a record (an object in braces) expected, found `aaaaaaaaaaaaaaaaaaaa`");
}

#[test]
fn zeroes_are_a_binary_file_however_many() {
    let error =
        Input::from_reader("zero", Box::new(io::repeat(0)), None, &Projection::All, Mode::Studio).err().unwrap();
    assert!(matches!(error, IoError::NotText { .. }));
    assert_eq!(
        error.to_string(),
        "zero is a binary file of an unknown kind; give JSON, CSV or Parquet, or text packed with gzip or zstd"
    );
}

#[test]
fn nesting_beyond_128_levels_is_refused() {
    let deep = |levels: usize| format!("{{\"a\":{}{}}}\n{{}}\n", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(read(io::Cursor::new(deep(127))), [Ok(1), Ok(2)]);
    let found = read(io::Cursor::new(deep(100_000)));
    assert_eq!(reason(&found[0]), "nested more than 128 levels deep (column 133)");
    assert_eq!(found[1], Ok(2));
}

#[test]
fn a_reader_that_gives_a_byte_at_a_time_gives_the_same() {
    struct Slow(io::Cursor<&'static [u8]>);
    impl Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let end = buffer.len().min(1);
            self.0.read(&mut buffer[..end])
        }
    }
    let text: &[u8] =
        b"[{\"a\": -1.5e3, \"b\": [true, null, \"\\u00e9\\ud83d\\ude00\"]},\n {'c': None}, {\"d\": oops}, {\"e\": 12}]";
    let slow = read(Slow(io::Cursor::new(text)));
    assert_eq!(slow, read(io::Cursor::new(text)));
    assert_eq!(slow.len(), 4);
    assert_eq!(slow.iter().filter(|result| result.is_err()).count(), 1);
}

#[test]
fn every_cut_of_every_case_ends_without_a_panic() {
    let folder = crate::read::cases().join("read");
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for end in 0..bytes.len().min(600) {
            for mode in [Mode::Studio, Mode::Blurr] {
                let input = Box::new(io::Cursor::new(bytes[..end].to_vec()));
                if let Ok(records) = Input::from_reader("cut", input, None, &Projection::All, mode) {
                    assert!(records.count() <= end + 1);
                }
            }
        }
    }
}
