//! Tables as Arrow IPC files ("Feather 2"), not packed, so that a reader can map them into memory.

use std::io::{self, Write};

use polars::prelude::{ArrowSchema, CompatLevel, DataFrame};
use polars_arrow::io::ipc::write::{FileWriter, WriteOptions};

/// Types that every reader of Arrow knows: texts by offsets, not by views.
fn level() -> CompatLevel {
    CompatLevel::oldest()
}

pub(super) struct Writer<W: Write>(FileWriter<W>);

impl<W: Write> Writer<W> {
    /// A file of a frame's columns.
    pub(super) fn new(frame: &DataFrame, out: W) -> io::Result<Writer<W>> {
        let fields = frame.columns().iter().map(|column| column.field().to_arrow(level()));
        let schema: ArrowSchema = fields.map(|field| (field.name.clone(), field)).collect();
        let options = WriteOptions { compression: None };
        FileWriter::try_new(out, schema.into(), None, options).map(Writer).map_err(io::Error::other)
    }

    /// Writes a frame as a record batch.
    pub(super) fn rows(&mut self, frame: &DataFrame) -> io::Result<()> {
        for batch in frame.iter_chunks(level(), false).filter(|batch| !batch.is_empty()) {
            self.0.write(&batch, None).map_err(io::Error::other)?;
        }
        Ok(())
    }

    pub(super) fn end(mut self) -> io::Result<()> {
        self.0.finish().map_err(io::Error::other)
    }
}
