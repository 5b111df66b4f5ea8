//! From what a user writes after `--state` and as DATA to where it is: this machine's files, or AWS.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use dtc_aws::{Aws, DynamoState, S3State, s3_inputs};
use dtc_io::{EmbeddedState, FileInput, Input, IoError, StateStore, data_files};

use crate::failure::{Failure, Outcome};

const S3: &str = "s3://";
const DYNAMO: &str = "dynamodb://";
/// The name of a state in a table where none is given.
const STATE: &str = "state";

/// Opens what is on AWS with one connection, made when it is first needed.
pub struct Places {
    endpoint: Option<String>,
    aws: OnceCell<Aws>,
}

impl Places {
    pub fn new(endpoint: Option<String>) -> Places {
        Places { endpoint, aws: OnceCell::new() }
    }

    fn aws(&self) -> Result<&Aws, IoError> {
        if let Some(aws) = self.aws.get() {
            return Ok(aws);
        }
        let aws = Aws::connect(self.endpoint.as_deref())?;
        Ok(self.aws.get_or_init(|| aws))
    }

    /// `s3://BUCKET/PREFIX`, `dynamodb://TABLE/NAME`, or a folder.
    pub fn state(&self, address: &str) -> Outcome<Box<dyn StateStore>> {
        if let Some(path) = address.strip_prefix(S3) {
            let (bucket, prefix) = path.split_once('/').unwrap_or((path, ""));
            named(bucket, address, "s3://BUCKET/PREFIX")?;
            return Ok(Box::new(S3State::open(self.aws()?, bucket, prefix)?));
        }
        if let Some(path) = address.strip_prefix(DYNAMO) {
            let (table, name) = path.split_once('/').unwrap_or((path, ""));
            named(table, address, "dynamodb://TABLE or dynamodb://TABLE/NAME")?;
            let name = if name.is_empty() { STATE } else { name };
            return Ok(Box::new(DynamoState::open(self.aws()?, table, name)?));
        }
        if let Some((scheme, _)) = address.split_once("://") {
            return Err(Failure::Usage(format!(
                "a state cannot be kept in `{scheme}://`; name a folder, s3://BUCKET/PREFIX or dynamodb://TABLE"
            )));
        }
        Ok(Box::new(EmbeddedState::open(Path::new(address))?))
    }

    /// What to read, in the order given. A comma separates files unless one has it in its name.
    pub fn inputs<'a>(&self, given: impl Iterator<Item = &'a String>) -> Outcome<Vec<Box<dyn Input>>> {
        let mut inputs: Vec<Box<dyn Input>> = Vec::new();
        for given in given {
            let parts = if Path::new(given).exists() { vec![given.as_str()] } else { given.split(',').collect() };
            for part in parts.into_iter().map(str::trim).filter(|part| !part.is_empty()) {
                if part.starts_with(S3) {
                    let objects = s3_inputs(self.aws()?, part)?;
                    inputs.extend(objects.into_iter().map(|object| Box::new(object) as Box<dyn Input>));
                } else {
                    let files = data_files(&[PathBuf::from(part)])?;
                    inputs.extend(files.into_iter().map(|path| Box::new(FileInput { path }) as Box<dyn Input>));
                }
            }
        }
        Ok(inputs)
    }
}

fn named(name: &str, address: &str, form: &str) -> Outcome {
    if name.is_empty() {
        return Err(Failure::Usage(format!("`{address}` names no place; write {form}")));
    }
    Ok(())
}
