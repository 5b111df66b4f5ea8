//! A document's expressions over raw records: compiled once, read by the fields they name.

use std::sync::Arc;

use dtc_engine::Cancel;
use dtc_expr::{FieldId, Frame, GroupId, Mode, Program, Scope, Value};
use dtc_io::Projection;
use dtc_lang::document::Expression;
use dtc_lang::scopes::{IDENTITY_FIELD, SOURCE, START_FIELD, VARIABLES, expression_diagnostic};
use studio_api::{ApiError, ErrorCode, FileDiagnostic};

use crate::runs::checked::refusal;
use crate::runs::reading::{Cancelled, DataFile, Item, Reading};

/// Compiles the expressions of one document, collecting what they read and what is wrong.
pub(super) struct Compiler<'s> {
    document: &'s str,
    scope: &'s Scope,
    /// `None`: some expression needs whole records.
    fields: Option<Vec<Arc<str>>>,
    errors: Vec<FileDiagnostic>,
}

impl<'s> Compiler<'s> {
    pub(super) fn new(document: &'s str, scope: &'s Scope) -> Compiler<'s> {
        Compiler { document, scope, fields: Some(Vec::new()), errors: Vec::new() }
    }

    pub(super) fn compile(&mut self, expression: &Expression) -> Option<Program> {
        match dtc_expr::compile(&expression.text, self.scope) {
            Ok(program) => {
                match (&mut self.fields, program.source_fields(SOURCE)) {
                    (Some(fields), Some(read)) => fields.extend(read),
                    (fields, _) => *fields = None,
                }
                Some(program)
            }
            Err(errors) => {
                let found = errors.iter().map(|error| expression_diagnostic(expression, error));
                let document = self.document.to_owned();
                self.errors.extend(found.map(|diagnostic| FileDiagnostic { document: document.clone(), diagnostic }));
                None
            }
        }
    }

    /// Whole records are needed, whatever the expressions read.
    pub(super) fn read_all(&mut self) {
        self.fields = None;
    }

    /// What to read, when everything compiled.
    pub(super) fn finish(self) -> Result<Projection, ApiError> {
        if !self.errors.is_empty() {
            return Err(refusal(self.errors));
        }
        let fields = self.fields.map(|mut fields| {
            fields.sort();
            fields.dedup();
            fields
        });
        Ok(Projection::of(fields))
    }
}

/// One record, ready for expressions.
pub struct Record {
    frame: Frame,
    /// The group of the block that is in place.
    block: Option<usize>,
    /// Amounts that were asked for and are no numbers, of all records that were in place.
    pub unread: u64,
}

impl Default for Record {
    fn default() -> Record {
        Record::new()
    }
}

impl Record {
    pub fn new() -> Record {
        let frame = Frame { variables: vec![None; VARIABLES], groups: Vec::new(), ..Frame::default() };
        Record { frame, block: None, unread: 0 }
    }

    /// Puts another record in place.
    pub fn set(&mut self, record: Value) {
        self.frame.variables[usize::from(SOURCE.0)] = Some(record);
    }

    /// The record itself, as far as it was read.
    pub(super) fn whole(&self) -> Value {
        self.frame.variables[usize::from(SOURCE.0)].clone().unwrap_or_default()
    }

    /// Puts a block in place: the values of its aggregate's slots.
    pub(super) fn set_block(&mut self, group: GroupId, values: Vec<Value>) {
        let group = usize::from(group.0);
        self.frame.groups.resize(group + 1, Vec::new());
        self.frame.groups[group] = values;
        self.block = Some(group);
    }

    /// Whose block it is.
    pub(super) fn block_identity(&self) -> Option<String> {
        match self.slot(IDENTITY_FIELD)? {
            Value::Str(identity) => Some(identity.to_string()),
            _ => None,
        }
    }

    /// When the block begins, in milliseconds since 1970.
    pub(super) fn block_start(&self) -> Option<i64> {
        millis(self.slot(START_FIELD)?)
    }

    fn slot(&self, field: FieldId) -> Option<&Value> {
        self.frame.groups.get(self.block?)?.get(usize::from(field.0))
    }

    /// The value, or `None` where the expression fails.
    pub(super) fn value(&mut self, program: &Program) -> Option<Value> {
        program.eval(&mut self.frame).ok()
    }

    /// Whether the condition holds; `None` where it fails.
    pub(super) fn holds(&mut self, program: &Program) -> Option<bool> {
        self.value(program).map(|value| value.is_truthy())
    }

    /// A scalar as text; nothing for a blank one or a collection.
    pub(super) fn text(&mut self, program: &Program) -> Option<String> {
        let text = match self.value(program)? {
            value @ (Value::Str(_) | Value::Int(_) | Value::Big(_) | Value::Float(_) | Value::Bool(_)) => {
                value.to_text()
            }
            _ => return None,
        };
        (!text.trim().is_empty()).then_some(text)
    }

    /// Milliseconds since 1970; a time without a zone is taken as UTC.
    pub(super) fn millis(&mut self, program: &Program) -> Option<i64> {
        millis(&self.value(program)?)
    }
}

fn millis(value: &Value) -> Option<i64> {
    match value {
        Value::DateTime(time) => Some(time.or_utc().micros.div_euclid(1_000)),
        _ => None,
    }
}

/// What a report reads, and the flag that ends it.
pub(crate) struct Data<'d> {
    pub files: &'d [DataFile],
    pub cancel: &'d Cancel,
}

/// Hands every record of the files to `take`; answers with the number of lines that were no records.
pub(super) fn each_record(
    data: &Data<'_>,
    projection: &Projection,
    mode: Mode,
    mut take: impl FnMut(&mut Record),
) -> Result<Unread, ApiError> {
    let Data { files, cancel } = *data;
    let reading = Reading { files, projection, mode, limit: None, cancel, progress: &|_, _| {} };
    let mut unread = Unread::default();
    let mut record = Record::new();
    let read = reading.each(|item| match item {
        Item::Bad(reason) => {
            unread.count += 1;
            if unread.examples.len() < MOST_EXAMPLES {
                unread.examples.extend(reason);
            }
        }
        Item::Record { value, .. } => {
            record.set(value);
            take(&mut record);
        }
    });
    match read {
        Ok(notices) => {
            unread.notices = notices;
            Ok(unread)
        }
        Err(Cancelled) => Err(stopped()),
    }
}

/// Records whose reasons are told.
const MOST_EXAMPLES: usize = 3;

/// What could not be read.
#[derive(Default)]
pub(super) struct Unread {
    pub count: u64,
    /// Of the first records: place and reason.
    examples: Vec<String>,
    /// Files that were left out, and what else a reader has to say.
    notices: Vec<String>,
}

impl Unread {
    /// In sentences, with what to do.
    pub(super) fn told(self) -> Vec<String> {
        let mut told = self.notices;
        let more = self.count.saturating_sub(self.examples.len() as u64);
        let last = self.examples.len();
        told.extend(self.examples.into_iter().zip(1..).map(|(example, at)| match more {
            0 => example,
            more if at == last => format!("{example} ({more} more could not be read)"),
            _ => example,
        }));
        told
    }
}

pub(super) fn stopped() -> ApiError {
    ApiError::new(ErrorCode::Cancelled, "Stopped before all of the data was read.")
}
