//! Files on their way to the host, a slice at a time: a file of any size never stands in memory whole.

use leptos::prelude::*;
use studio_api::{ApiError, BeginUpload, CancelUpload, ErrorCode, FinishUpload, ProjectId, Sample, UploadChunk};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::Studio;
use crate::backend;
use crate::page_js;

const SLICE: f64 = 4.0 * 1024.0 * 1024.0;

#[derive(Debug, Clone, PartialEq)]
pub struct Upload {
    pub number: u64,
    pub name: String,
    pub sent: f64,
    pub bytes: f64,
    pub cancelled: bool,
}

#[derive(Clone, Copy)]
pub struct Uploads {
    pub list: RwSignal<Vec<Upload>>,
    next: StoredValue<u64>,
}

impl Uploads {
    pub fn new() -> Uploads {
        Uploads { list: RwSignal::new(Vec::new()), next: StoredValue::new(0) }
    }

    /// Stops after the slice under way.
    pub fn cancel(self, number: u64) {
        self.list.update(|list| {
            if let Some(upload) = list.iter_mut().find(|upload| upload.number == number) {
                upload.cancelled = true;
            }
        });
    }

    /// Sends the files one after the other to the open project.
    pub async fn send(self, studio: Studio, files: Vec<File>) {
        let Some(project) = studio.project.get_untracked() else { return };
        let waiting: Vec<(u64, File)> = files.into_iter().map(|file| (self.announce(&file), file)).collect();
        for (number, file) in waiting {
            match self.send_one(&project.id, number, &file).await {
                Ok(Some(samples)) => {
                    studio.toasts.good(format!("Added {}", file.name()));
                    studio.samples.accept(studio, samples);
                }
                Ok(None) => studio.toasts.note(format!("{} was not added", file.name())),
                Err(error) => studio.complain(error),
            }
            self.list.update(|list| list.retain(|upload| upload.number != number));
        }
    }

    fn announce(self, file: &File) -> u64 {
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        let upload = Upload { number, name: file.name(), sent: 0.0, bytes: file.size(), cancelled: false };
        self.list.update(|list| list.push(upload));
        number
    }

    fn is_cancelled(self, number: u64) -> bool {
        self.list.with_untracked(|list| list.iter().any(|upload| upload.number == number && upload.cancelled))
    }

    /// `None`: the user cancelled.
    async fn send_one(self, project: &ProjectId, number: u64, file: &File) -> Result<Option<Vec<Sample>>, ApiError> {
        if self.is_cancelled(number) {
            return Ok(None);
        }
        let bytes = file.size();
        let begin = BeginUpload { project: project.clone(), name: file.name(), bytes: format!("{bytes:.0}") };
        let upload = backend::call(begin).await?;
        let mut from = 0.0;
        while from < bytes {
            if self.is_cancelled(number) {
                backend::call(CancelUpload { upload }).await?;
                return Ok(None);
            }
            let to = (from + SLICE).min(bytes);
            let sent = match read_slice(file, from, to).await {
                Ok(base64) => {
                    backend::call(UploadChunk { upload: upload.clone(), offset: format!("{from:.0}"), base64 }).await
                }
                Err(error) => Err(error),
            };
            if let Err(error) = sent {
                // The first error is the one to tell; the host forgets the upload by itself too.
                let _ = backend::call(CancelUpload { upload }).await;
                return Err(error);
            }
            from = to;
            self.list.update(|list| {
                if let Some(upload) = list.iter_mut().find(|upload| upload.number == number) {
                    upload.sent = to;
                }
            });
        }
        backend::call(FinishUpload { upload }).await.map(Some)
    }
}

async fn read_slice(file: &File, from: f64, to: f64) -> Result<String, ApiError> {
    let slice = JsFuture::from(page_js::read_slice(file, from, to)).await;
    slice.ok().and_then(|slice| slice.as_string()).ok_or_else(|| {
        let message =
            format!("{} could not be read by the browser. If it changed or moved, drop it again.", file.name());
        ApiError::new(ErrorCode::External, message)
    })
}
