//! Tables as Parquet, through polars.

use std::io::{self, Write};

use polars::io::parquet::write::BatchedWriter;
use polars::prelude::{DataFrame, ParquetCompression, ParquetWriter};

pub(super) struct Writer<W: Write>(BatchedWriter<W>);

impl<W: Write> Writer<W> {
    /// A file of a frame's columns.
    pub(super) fn new(frame: &DataFrame, out: W) -> io::Result<Writer<W>> {
        let writer = ParquetWriter::new(out).with_compression(ParquetCompression::Snappy);
        writer.batched(frame.schema()).map(Writer).map_err(io::Error::other)
    }

    /// Writes a frame as a row group.
    pub(super) fn rows(&mut self, frame: &DataFrame) -> io::Result<()> {
        self.0.write_batch(frame).map_err(io::Error::other)
    }

    pub(super) fn end(self) -> io::Result<()> {
        self.0.finish().map(drop).map_err(io::Error::other)
    }
}
