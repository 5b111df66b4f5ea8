//! From what a user writes after `--state` and as DATA to where it is: this machine's files, or AWS.

use std::cell::OnceCell;
use std::path::Path;

use dtc_aws::{Aws, DynamoState, S3Object, S3State, s3_objects};
use dtc_expr::Mode;
use dtc_io::{EmbeddedState, IoError, Order, Origin, StateStore, data_sources};

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

    /// What the names stand for: inputs of this machine, then objects in S3.
    ///
    /// In an order of their own, so that rows do not depend on how they were named, and by Blurr's rules as they
    /// were named.
    pub fn inputs(&self, names: &[String], mode: Mode) -> Outcome<Vec<Box<dyn Origin>>> {
        let order = if mode == Mode::Blurr { Order::AsGiven } else { Order::ByName };
        let (remote, local): (Vec<String>, Vec<String>) = names.iter().cloned().partition(|name| name.starts_with(S3));
        let mut objects = Vec::new();
        for address in &remote {
            objects.extend(s3_objects(self.aws()?, address)?);
        }
        if order == Order::ByName {
            objects.sort_by_key(S3Object::shown);
            objects.dedup_by_key(|object| object.shown());
        }
        let found = data_sources(&local, order)?;
        for notice in &found.notices {
            eprintln!("note: {notice}");
        }
        let local = found.list.into_iter().map(|source| Box::new(source) as Box<dyn Origin>);
        Ok(local.chain(objects.into_iter().map(|object| Box::new(object) as Box<dyn Origin>)).collect())
    }
}

fn named(name: &str, address: &str, form: &str) -> Outcome {
    if name.is_empty() {
        return Err(Failure::Usage(format!("`{address}` names no place; write {form}")));
    }
    Ok(())
}
