//! Scores as one file of a bucket in S3, and events below a prefix.
//!
//! A run's file has the key `PREFIX/document=NAME/run=RUN/scores.parquet`, as partitioned tables (Athena, Spark,
//! DuckDB) are laid out. One object is replaced in one step: a reader sees the old file or the new one.

use dtc_aws::{Aws, put_object, s3_objects};
use dtc_io::{Format, IoError, Origin, write_tables};

use crate::Warehouse;
use crate::refusal::refused;
use crate::scores::Scores;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    Parquet,
    Csv,
}

pub struct Lake {
    aws: Aws,
    bucket: String,
    prefix: String,
    kind: FileKind,
}

impl Lake {
    /// Errors: AWS has no region or credentials.
    pub fn open(bucket: &str, prefix: &str, kind: FileKind) -> Result<Lake, IoError> {
        let prefix = prefix.trim_matches('/').to_owned();
        Ok(Lake { aws: Aws::connect(None)?, bucket: bucket.to_owned(), prefix, kind })
    }

    fn key(&self, document: &str, run: &str) -> String {
        let ending = match self.kind {
            FileKind::Parquet => "parquet",
            FileKind::Csv => "csv",
        };
        let folder = if self.prefix.is_empty() { String::new() } else { format!("{}/", self.prefix) };
        format!("{folder}document={}/run={}/scores.{ending}", escaped(document), escaped(run))
    }
}

impl Warehouse for Lake {
    fn write(&self, scores: &Scores) -> Result<String, IoError> {
        let key = self.key(&scores.document, &scores.run);
        let shown = format!("s3://{}/{key}", self.bucket);
        let unwritable = |cause: std::io::Error| refused(&shown, cause.to_string(), "make room for temporary files");
        let folder = tempfile::tempdir().map_err(unwritable)?;
        let format = match self.kind {
            FileKind::Parquet => Format::Parquet,
            FileKind::Csv => Format::Csv,
        };
        let written = write_tables(folder.path(), [&scores.table()], format)?;
        let bytes = std::fs::read(&written[0]).map_err(unwritable)?;
        put_object(&self.aws, &self.bucket, &key, bytes)?;
        Ok(shown)
    }

    fn scores(&self, document: &str, run: &str) -> Result<Vec<Box<dyn Origin>>, IoError> {
        self.events(&self.key(document, run))
    }

    fn events(&self, table: &str) -> Result<Vec<Box<dyn Origin>>, IoError> {
        let address = format!("s3://{}/{}", self.bucket, table.trim_start_matches('/'));
        let objects = s3_objects(&self.aws, &address)?;
        Ok(objects.into_iter().map(|object| Box::new(object) as Box<dyn Origin>).collect())
    }
}

/// As Hive escapes values of partitions.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
