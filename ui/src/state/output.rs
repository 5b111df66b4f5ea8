//! What the studio did, newest last: runs, notices, saves.

use leptos::prelude::*;

use super::toasts::Tone;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputLine {
    pub number: u64,
    /// In the user's zone.
    pub time: String,
    pub tone: Tone,
    pub text: String,
}

const KEPT: usize = 300;

#[derive(Clone, Copy)]
pub struct Output {
    pub lines: RwSignal<Vec<OutputLine>>,
    next: StoredValue<u64>,
}

impl Output {
    pub fn new() -> Output {
        Output { lines: RwSignal::new(Vec::new()), next: StoredValue::new(0) }
    }

    pub fn say(self, tone: Tone, text: impl Into<String>) {
        let number = self.next.get_value();
        self.next.set_value(number + 1);
        let line = OutputLine { number, time: now(), tone, text: text.into() };
        self.lines.update(|lines| {
            lines.push(line);
            if lines.len() > KEPT {
                lines.remove(0);
            }
        });
    }

    pub fn clear(self) {
        self.lines.set(Vec::new());
    }
}

fn now() -> String {
    let date = js_sys::Date::new_0();
    format!("{:02}:{:02}:{:02}", date.get_hours(), date.get_minutes(), date.get_seconds())
}
