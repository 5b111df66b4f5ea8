//! Any bytes as a data file: records and reasons come out, lines only grow, and it ends.

use std::io::Cursor;

use dtc_expr::Mode;
use dtc_io::{Input, Projection};

pub fn run(bytes: &[u8]) {
    let (first, rest) = bytes.split_first().unwrap_or((&0, &[]));
    let mode = if first & 1 == 0 { Mode::Studio } else { Mode::Blurr };
    let projection = if first & 2 == 0 { Projection::All } else { Projection::Fields(vec!["a".into(), "user".into()]) };
    let total = u64::try_from(rest.len()).ok();
    let input = Box::new(Cursor::new(rest.to_vec()));
    let Ok(mut records) = Input::from_reader("bytes", input, total, &projection, mode) else { return };
    let (mut line, mut count) = (0, 0_usize);
    for record in records.by_ref() {
        let at = match &record {
            Ok(record) => record.line,
            Err(bad) => {
                assert!(bad.text.chars().count() <= 200 && !bad.reason.is_empty());
                bad.line
            }
        };
        assert!(at >= line, "line {at} comes after line {line}");
        line = at;
        count += 1;
    }
    // What is packed can hold more records than there are bytes.
    let packed: [&[u8]; 3] = [&[0x1f, 0x8b], &[0x28, 0xb5, 0x2f, 0xfd], b"PAR1"];
    let packed = packed.iter().any(|magic| rest.starts_with(magic));
    assert!(packed || count <= rest.len() + 1, "{count} records of {} bytes", rest.len());
    records.notices();
}
