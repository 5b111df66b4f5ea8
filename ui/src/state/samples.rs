//! Sample data of the project and what its records look like.

use std::collections::BTreeMap;

use dtc_lang::DataField;
use leptos::prelude::*;
use leptos::task::spawn_local;
use studio_api::{ApiError, DescribeSample, ErrorCode, PickSamples, RemoveSample, Sample, SampleReport, SelectSample};

use super::Studio;
use super::data_fields::merge;
use super::toasts::Tone;
use crate::backend;

#[derive(Clone, Copy)]
pub struct Samples {
    pub list: RwSignal<Vec<Sample>>,
    /// By sample id; absent while it is being read, an error where it cannot be.
    pub reports: RwSignal<BTreeMap<String, Result<SampleReport, ApiError>>>,
}

impl Samples {
    pub fn new() -> Samples {
        Samples { list: RwSignal::new(Vec::new()), reports: RwSignal::new(BTreeMap::new()) }
    }

    pub fn clear(self) {
        self.list.set(Vec::new());
        self.reports.set(BTreeMap::new());
    }

    pub fn any_selected(self) -> bool {
        self.list.with(|list| list.iter().any(|sample| sample.selected))
    }

    /// Reactive: what the records of the ticked samples have.
    pub fn fields(self) -> Vec<DataField> {
        let list = self.list.get();
        self.reports.with(|reports| {
            let ticked = list.iter().filter(|sample| sample.selected);
            merge(ticked.filter_map(|sample| reports.get(&sample.id.0)?.as_ref().ok()))
        })
    }

    /// The host's list after a change; reads what new samples look like.
    pub fn accept(self, studio: Studio, list: Vec<Sample>) {
        if self.list.with_untracked(|known| *known == list) {
            return;
        }
        let new: Vec<Sample> = self.reports.with_untracked(|reports| {
            list.iter().filter(|sample| !reports.contains_key(&sample.id.0)).cloned().collect()
        });
        self.list.set(list);
        studio.changed();
        for sample in new {
            spawn_local(self.describe(studio, sample));
        }
    }

    async fn describe(self, studio: Studio, sample: Sample) {
        let Some(project) = studio.project.get_untracked() else { return };
        let described = backend::call(DescribeSample { project: project.id, sample: sample.id.clone() }).await;
        match &described {
            Ok(report) => {
                for notice in &report.notices {
                    studio.output.say(Tone::Note, format!("{}: {notice}", sample.name));
                }
            }
            // Removed while it was being read.
            Err(error) if error.code == ErrorCode::NotFound => return,
            Err(error) if backend::is_unreachable(error) => return studio.complain(error.clone()),
            Err(error) => studio.output.say(Tone::Error, error.message.clone()),
        }
        self.reports.update(|reports| {
            reports.insert(sample.id.0, described);
        });
        studio.documents.mark(studio);
    }

    pub fn select(self, studio: Studio, sample: Sample, selected: bool) {
        let Some(project) = studio.project.get_untracked() else { return };
        spawn_local(async move {
            match backend::call(SelectSample { project: project.id, sample: sample.id, selected }).await {
                Ok(list) => self.accept(studio, list),
                Err(error) => studio.complain(error),
            }
        });
    }

    pub fn remove(self, studio: Studio, sample: Sample) {
        let Some(project) = studio.project.get_untracked() else { return };
        spawn_local(async move {
            match backend::call(RemoveSample { project: project.id, sample: sample.id.clone() }).await {
                Ok(list) => {
                    self.reports.update(|reports| {
                        reports.remove(&sample.id.0);
                    });
                    self.accept(studio, list);
                }
                Err(error) => studio.complain(error),
            }
        });
    }

    /// The host's own dialog.
    pub fn pick(self, studio: Studio) {
        let Some(project) = studio.project.get_untracked() else { return };
        spawn_local(async move {
            match backend::call(PickSamples { project: project.id }).await {
                Ok(list) => self.accept(studio, list),
                Err(error) => studio.complain(error),
            }
        });
    }
}
