//! The blocks of a streaming document as the records of an attribution document (`Source: stream.aggregate`).

use dtc_engine::{Options, Output, Plan};
use dtc_expr::{Functions, GroupId, Mode, Value};
use dtc_lang::document::{Attribution, Streaming};
use dtc_lang::scopes::IDENTITY_FIELD;
use studio_api::ApiError;

use super::expressions::{Data, Record};
use crate::error::invalid;
use crate::runs::checked::{errors_of, refusal};
use crate::runs::reading::{Parsed, Reading};

/// What a document is run beside.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    pub streams: &'a [Streaming],
    pub functions: &'a Functions,
}

/// The plan that makes the blocks, and which of its records they are.
pub struct Blocks {
    pub plan: Plan,
    pub mode: Mode,
    aggregate: usize,
}

impl Blocks {
    /// `None`: the document reads raw events. Errors: there is no such source, or its document has errors.
    pub fn of(document: &Attribution, around: &Around<'_>) -> Result<Option<Blocks>, ApiError> {
        let Some(source) = &document.source else { return Ok(None) };
        let (stream, aggregate) = dtc_lang::blocks_of(&source.value, around.streams)
            .ok_or_else(|| invalid(format!("There are no blocks called {:?}.", source.value)))?;
        let plan = dtc_engine::plan(stream, None, around.functions, &Options::default())
            .map_err(|(errors, _)| refusal(errors_of(&stream.header.name.value, errors)))?;
        Ok(Some(Blocks { plan, mode: stream.header.mode, aggregate }))
    }

    /// Hands every block of a run over, identity by identity, in the order in which they began.
    pub fn each(&self, output: Output, mut take: impl FnMut(&mut Record)) {
        let mut record = Record::new();
        let group = GroupId(u16::try_from(self.aggregate).unwrap_or(u16::MAX));
        for identity in output.identities {
            for block in identity.records.into_iter().filter(|record| record.aggregate == self.aggregate) {
                let mut values = block.values;
                if let Some(slot) = values.get_mut(usize::from(IDENTITY_FIELD.0)) {
                    *slot = Value::Str(identity.identity.clone());
                }
                record.set_block(group, values);
                take(&mut record);
            }
        }
    }

    /// The same over a project's samples; answers with the number of records that were no events.
    pub(super) fn each_of(&self, data: &Data<'_>, take: impl FnMut(&mut Record)) -> Result<u64, ApiError> {
        let projection = dtc_io::Projection::of(self.plan.source_fields());
        let cancelled = || ApiError::new(studio_api::ErrorCode::Cancelled, "Stopped before all of the data was read.");
        let reading = Reading {
            files: data.files,
            projection: &projection,
            mode: self.mode,
            limit: None,
            cancel: data.cancel,
            progress: &|_, _| {},
        };
        let parsed = Parsed::read(&reading, &self.plan).map_err(|_| cancelled())?;
        let ran = dtc_engine::run(&self.plan, &parsed.events, 0, data.cancel, &dtc_engine::Silent);
        self.each(ran.map_err(|_| cancelled())?, take);
        Ok(parsed.unusable_count)
    }
}
