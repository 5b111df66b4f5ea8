//! Tables as Arrow IPC files ("Feather 2"), not packed, so that a reader can map them into memory.

use std::io::{self, Write};

use polars::prelude::{ArrowSchema, CompatLevel, DataFrame};
use polars_arrow::io::ipc::write::{FileWriter, WriteOptions};

/// Rows of a record batch.
const BATCH: usize = 65_536;

pub(super) fn write(frame: &mut DataFrame, out: &mut impl Write) -> io::Result<()> {
    frame.rechunk_mut();
    // Types that every reader of Arrow knows: texts by offsets, not by views.
    let level = CompatLevel::oldest();
    let fields = frame.columns().iter().map(|column| column.field().to_arrow(level));
    let schema: ArrowSchema = fields.map(|field| (field.name.clone(), field)).collect();
    let options = WriteOptions { compression: None };
    let mut writer = FileWriter::try_new(out, schema.into(), None, options).map_err(io::Error::other)?;
    for start in (0..frame.height()).step_by(BATCH) {
        for batch in frame.slice(start as i64, BATCH).iter_chunks(level, false) {
            writer.write(&batch, None).map_err(io::Error::other)?;
        }
    }
    writer.finish().map_err(io::Error::other)
}
