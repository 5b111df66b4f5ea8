//! Standard output, one record a line. After a crash the last lines may come again.

use std::io::{self, Write};

use super::Sink;

pub struct Stdout;

impl Sink for Stdout {
    fn open(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn take(&mut self, lines: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(lines)?;
        out.flush()
    }
}
