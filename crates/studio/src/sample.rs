//! Answers about samples: picking, uploading, selecting, describing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dtc_lang::DataField;
use studio_api::*;

use crate::dispatch::Answer;
use crate::error::{external, invalid, sample_fault};
use crate::samples;
use crate::studio::Studio;

/// Enough to show every common field.
const RECORDS_LOOKED_AT: u64 = 2_000;

impl Answer<PickSamples> for Studio {
    fn answer(&self, command: PickSamples) -> Result<Vec<Sample>, ApiError> {
        let root = self.root(&command.project)?;
        let picked = self.native()?.pick_files();
        let _writing = self.writing();
        if !picked.is_empty() {
            samples::add(&root, &picked)?;
        }
        samples::list(&root)
    }
}

impl Answer<BeginUpload> for Studio {
    fn answer(&self, command: BeginUpload) -> Result<UploadId, ApiError> {
        let root = self.root(&command.project)?;
        let bytes = number("bytes", &command.bytes)?;
        self.uploads.begin(&root, &command.name, bytes)
    }
}

impl Answer<UploadChunk> for Studio {
    fn answer(&self, command: UploadChunk) -> Result<(), ApiError> {
        let content = STANDARD.decode(&command.base64).map_err(|_| invalid("The chunk is not base64."))?;
        self.uploads.chunk(&command.upload, number("offset", &command.offset)?, &content)
    }
}

impl Answer<FinishUpload> for Studio {
    fn answer(&self, command: FinishUpload) -> Result<Vec<Sample>, ApiError> {
        let (root, name) = self.uploads.finish(&command.upload)?;
        let samples = {
            let _writing = self.writing();
            samples::adopt(&root, &name)?;
            samples::list(&root)?
        };
        self.watchers.tell(&root, &ProjectEvent::SamplesChanged { samples: samples.clone() });
        Ok(samples)
    }
}

impl Answer<CancelUpload> for Studio {
    fn answer(&self, command: CancelUpload) -> Result<(), ApiError> {
        self.uploads.cancel(&command.upload)
    }
}

impl Answer<SelectSample> for Studio {
    fn answer(&self, command: SelectSample) -> Result<Vec<Sample>, ApiError> {
        let root = self.root(&command.project)?;
        let _writing = self.writing();
        samples::select(&root, &command.sample, command.selected)?;
        samples::list(&root)
    }
}

impl Answer<RemoveSample> for Studio {
    fn answer(&self, command: RemoveSample) -> Result<Vec<Sample>, ApiError> {
        let root = self.root(&command.project)?;
        let _writing = self.writing();
        samples::remove(&root, &command.sample)?;
        samples::list(&root)
    }
}

impl Answer<DescribeSample> for Studio {
    fn answer(&self, command: DescribeSample) -> Result<SampleReport, ApiError> {
        let place = samples::find(&self.root(&command.project)?, &command.sample)?;
        let profile = dtc_io::profile(&place.path, RECORDS_LOOKED_AT);
        let profile = profile.map_err(|error| external(sample_fault(&error, &place.path, &place.sample.name)))?;
        let fields = profile.fields.into_iter();
        Ok(SampleReport {
            format: profile.format,
            notices: profile.notices,
            records: profile.records,
            fields: fields
                .map(|field| DataField {
                    path: field.path,
                    types: field.types,
                    share: field.share,
                    examples: field.examples,
                })
                .collect(),
        })
    }
}

fn number(what: &str, text: &str) -> Result<u64, ApiError> {
    text.parse().map_err(|_| invalid(format!("{what} must be a whole number, not {text:?}.")))
}
