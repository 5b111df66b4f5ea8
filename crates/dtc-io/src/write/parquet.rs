//! Tables as Parquet, through polars.

use std::io::{self, Write};

use polars::prelude::{DataFrame, ParquetCompression, ParquetWriter};

pub(super) fn write(frame: &mut DataFrame, out: &mut impl Write) -> io::Result<()> {
    ParquetWriter::new(out)
        .with_compression(ParquetCompression::Snappy)
        .finish(frame)
        .map(drop)
        .map_err(io::Error::other)
}
