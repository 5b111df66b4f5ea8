//! The story of one cell, and the events of its identity one by one. Follows the runs.

use leptos::prelude::*;
use leptos::task::spawn_local;
use studio_api::{ApiError, Explain, ReadSteps, Step, Steps, Story};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::Studio;
use crate::backend;

type Answer<T> = Option<Result<T, ApiError>>;

#[derive(Clone, Copy)]
pub struct Told {
    pub asked: RwSignal<Option<Explain>>,
    /// `None` while it is on its way.
    pub story: RwSignal<Answer<Story>>,
    /// The event that is looked at, of the identity's; `None`: the story itself is.
    pub step: RwSignal<Option<u64>>,
    pub steps: RwSignal<Answer<(u64, Option<Step>)>>,
    /// What had the focus when the story was opened.
    before: StoredValue<Option<HtmlElement>, LocalStorage>,
    /// Whether the story, when it is opened, takes the focus.
    pub takes_focus: RwSignal<bool>,
    /// Cells that led here by links.
    path: RwSignal<Vec<Explain>>,
}

impl Told {
    pub fn new() -> Told {
        Told {
            asked: RwSignal::new(None),
            story: RwSignal::new(None),
            step: RwSignal::new(None),
            steps: RwSignal::new(None),
            before: StoredValue::new_local(None),
            takes_focus: RwSignal::new(false),
            path: RwSignal::new(Vec::new()),
        }
    }

    /// Asks anew after each run, for the rows of that run.
    pub fn follow(self, studio: Studio) {
        Effect::new(move |_| {
            let run = studio.preview.good.with(|good| good.as_ref().map(|good| good.run.clone()));
            match (self.asked.get_untracked(), run) {
                (Some(asked), Some(run)) if asked.run != run => self.ask(Explain { run, ..asked }),
                (Some(_), None) => self.close(),
                _ => {}
            }
        });
    }

    pub fn is_open_now(self) -> bool {
        self.asked.with_untracked(Option::is_some)
    }

    /// Reactive.
    pub fn is_open(self) -> bool {
        self.asked.with(Option::is_some)
    }

    /// Opens the story of a cell that the user chose in a table; by a key it takes the focus.
    pub fn open(self, cell: Explain, by_key: bool) {
        if self.asked.with_untracked(Option::is_none) {
            let focused = document().active_element().and_then(|element| element.dyn_into().ok());
            self.before.set_value(focused);
        }
        self.path.update(Vec::clear);
        self.ask(cell);
        self.takes_focus.set(by_key);
    }

    /// From one cell's story to that of a value it was computed from.
    pub fn go_on(self, cell: Explain) {
        if let Some(here) = self.asked.get_untracked() {
            self.path.update(|path| path.push(here));
        }
        self.ask(cell);
    }

    fn ask(self, cell: Explain) {
        self.step.set(None);
        let same_place = self.asked.with_untracked(|asked| {
            asked.as_ref().is_some_and(|asked| (&asked.table, &asked.field) == (&cell.table, &cell.field))
        });
        if !same_place {
            self.story.set(None);
        }
        self.asked.set(Some(cell.clone()));
        spawn_local(async move {
            let told = backend::call(cell.clone()).await;
            if self.asked.with_untracked(|asked| asked.as_ref() == Some(&cell)) {
                self.story.set(Some(told));
            }
        });
    }

    pub fn ask_again(self) {
        self.story.set(None);
        if let Some(cell) = self.asked.get_untracked() {
            self.ask(cell);
        }
    }

    /// Looks at one of the identity's events.
    pub fn look_at(self, nth: u64) {
        let identity = self.story.with_untracked(|story| match story {
            Some(Ok(story)) => Some(story.identity.clone()),
            _ => None,
        });
        let (Some(identity), Some(asked)) = (identity, self.asked.get_untracked()) else { return };
        if self.step.with_untracked(Option::is_none) {
            self.steps.set(None);
        }
        self.step.set(Some(nth));
        spawn_local(async move {
            let read = backend::call(ReadSteps { run: asked.run, identity, from: nth, count: 1 }).await;
            if self.step.get_untracked() == Some(nth) {
                let one = |mut steps: Steps| (steps.total, steps.steps.pop());
                self.steps.set(Some(read.map(one)));
            }
        });
    }

    /// To the event before or after the one that is looked at.
    pub fn move_by(self, by: i64) {
        let total = self.steps.with_untracked(|steps| match steps {
            Some(Ok((total, _))) => *total,
            _ => 0,
        });
        if let Some(next) = self.step.get_untracked().and_then(|nth| nth.checked_add_signed(by))
            && next < total
        {
            self.look_at(next);
        }
    }

    /// One step back: from an event to the story, along the links, at last out.
    pub fn back(self) {
        if self.step.with_untracked(Option::is_some) {
            self.step.set(None);
        } else if let Some(cell) = self.path.try_update(Vec::pop).flatten() {
            self.ask(cell);
        } else {
            self.close();
        }
    }

    /// Reactive: whether a link led here.
    pub fn came_by_link(self) -> bool {
        self.path.with(|path| !path.is_empty())
    }

    pub fn close(self) {
        self.asked.set(None);
        self.story.set(None);
        self.step.set(None);
        self.path.update(Vec::clear);
        if let Some(element) = self.before.try_update_value(Option::take).flatten()
            && element.is_connected()
        {
            // An element of the page can always be asked to take the focus.
            let _ = element.focus();
        }
    }
}
