//! Any input a user may give, by what its first bytes are: JSON in its kinds, CSV, Parquet, each perhaps
//! packed. The name decides only what the content leaves open.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use dtc_expr::Mode;

use super::csv::{self, CsvRecords};
#[cfg(feature = "frames")]
use super::parquet::{self, ParquetRecords};
use super::source::Source;
use super::{BadRecord, HEAD, Layout, Processor, RawRecord, Records, sniff};
use crate::error::IoError;
use crate::projection::Projection;

/// Records of one input of any format, pulled one at a time.
pub struct Input(Kind);

enum Kind {
    Json(Box<Records>),
    Csv(Box<CsvRecords>),
    #[cfg(feature = "frames")]
    Parquet(Box<ParquetRecords>),
}

impl Input {
    /// Opens a file and finds out what it is. By Blurr's rules text is JSON Lines, unless its name says CSV.
    pub fn open(path: &Path, projection: &Projection, mode: Mode) -> Result<Input, IoError> {
        let refused = |cause| IoError::system(path, "read", cause);
        if fs::metadata(path).map_err(refused)?.is_dir() {
            return Err(IoError::IsFolder { path: path.to_path_buf() });
        }
        let name = path.display().to_string();
        let file = File::open(path).map_err(refused)?;
        #[cfg(feature = "frames")]
        if parquet::is_file(&file) {
            return ParquetRecords::open(file, &name, projection).map(Input::parquet);
        }
        let source = Source::of_file(file).map_err(refused)?;
        Input::start(source, &name, projection, mode)
    }

    /// Reads from anything; `name` stands for it in errors and may end as a file's does, `total` is its size
    /// where it is known. Parquet, which is read from its end, is first written to a temporary file.
    pub fn from_reader(
        name: &str,
        input: Box<dyn Read + Send>,
        total: Option<u64>,
        projection: &Projection,
        mode: Mode,
    ) -> Result<Input, IoError> {
        let source =
            Source::of_reader(input, total).map_err(|cause| IoError::system(Path::new(name), "read", cause))?;
        Input::start(source, name, projection, mode)
    }

    pub fn standard_input(projection: &Projection, mode: Mode) -> Result<Input, IoError> {
        Input::from_reader("standard input", Box::new(io::stdin()), None, projection, mode)
    }

    fn start(mut source: Source, name: &str, projection: &Projection, mode: Mode) -> Result<Input, IoError> {
        source.fill(HEAD, name)?;
        #[cfg(feature = "frames")]
        if parquet::is_head(source.rest()) {
            return parquet::spooled(source, name, projection).map(Input::parquet);
        }
        if let Some((what, cure)) = sniff::not_text(source.rest()) {
            return Err(IoError::NotText { name: name.to_owned(), what, cure });
        }
        let named = csv::is_named_csv(name);
        if !named && mode == Mode::Blurr {
            return Records::start(source, name, projection, mode).map(Input::json);
        }
        let text = source.rest();
        let text = text.strip_prefix(sniff::BOM).unwrap_or(text);
        match csv::detect(text, source.ended(), named) {
            None => Records::start(source, name, projection, mode).map(Input::json),
            Some(dialect) => {
                let mark = source.rest().len() - text.len();
                source.consume(mark);
                CsvRecords::start(source, name, dialect, projection).map(|records| Input(Kind::Csv(Box::new(records))))
            }
        }
    }

    pub(crate) fn json(records: Records) -> Input {
        Input(Kind::Json(Box::new(records)))
    }

    /// Whether it is lines of JSON, not packed: reading can begin at the start of any line.
    pub(crate) fn is_plain_lines(&self) -> bool {
        match &self.0 {
            Kind::Json(records) => records.layout == Layout::Lines && records.source.packing.is_none(),
            _ => false,
        }
    }

    #[cfg(feature = "frames")]
    fn parquet(records: ParquetRecords) -> Input {
        Input(Kind::Parquet(Box::new(records)))
    }

    /// Reads as somebody asked for, whatever the file looks like. To be called before the first record.
    pub fn processed(self, name: &str, processor: Processor, projection: &Projection) -> Result<Input, IoError> {
        match (self.0, processor) {
            (Kind::Json(records), processor) => Ok(Input::json(records.processed(processor, projection))),
            (kind, Processor::Simple) => Ok(Input(kind)),
            (kind, Processor::Ipfix) => Err(IoError::NotFlows { name: name.to_owned(), format: Input(kind).format() }),
        }
    }

    /// JSON, which has quicker ways into rows.
    pub(super) fn into_json(self) -> Result<Records, Input> {
        match self.0 {
            Kind::Json(records) => Ok(*records),
            kind => Err(Input(kind)),
        }
    }

    /// Bytes taken from the file so far, packed where it is packed.
    pub fn bytes_read(&self) -> u64 {
        match &self.0 {
            Kind::Json(records) => records.bytes_read(),
            Kind::Csv(records) => records.bytes_read(),
            #[cfg(feature = "frames")]
            Kind::Parquet(records) => records.bytes_read(),
        }
    }

    /// The file's size, where it has one.
    pub fn total_bytes(&self) -> Option<u64> {
        match &self.0 {
            Kind::Json(records) => records.total_bytes(),
            Kind::Csv(records) => records.total_bytes(),
            #[cfg(feature = "frames")]
            Kind::Parquet(records) => Some(records.total_bytes()),
        }
    }

    /// E.g. "JSON Lines, gzip".
    pub fn format(&self) -> String {
        match &self.0 {
            Kind::Json(records) => records.format(),
            Kind::Csv(records) => records.format(),
            #[cfg(feature = "frames")]
            Kind::Parquet(_) => "Parquet".to_owned(),
        }
    }

    /// What was done for the user so far, in sentences; complete after the last record.
    pub fn notices(&self) -> Vec<String> {
        match &self.0 {
            Kind::Json(records) => records.notices(),
            Kind::Csv(records) => records.notices(),
            #[cfg(feature = "frames")]
            Kind::Parquet(records) => records.notices(),
        }
    }
}

impl Iterator for Input {
    type Item = Result<RawRecord, BadRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Kind::Json(records) => records.next(),
            Kind::Csv(records) => records.next(),
            #[cfg(feature = "frames")]
            Kind::Parquet(records) => records.next(),
        }
    }
}
