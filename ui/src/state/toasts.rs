//! Short messages that come and go. Errors stay until they are closed.

use std::time::Duration;

use leptos::prelude::*;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Good,
    Note,
    Error,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    pub id: u64,
    pub tone: Tone,
    pub message: String,
}

const SHOWN_FOR: Duration = Duration::from_secs(6);
const AT_MOST: usize = 5;

#[derive(Clone, Copy)]
pub struct Toasts {
    pub list: RwSignal<Vec<Toast>>,
    next: StoredValue<u64>,
}

impl Toasts {
    pub fn new() -> Toasts {
        Toasts { list: RwSignal::new(Vec::new()), next: StoredValue::new(0) }
    }

    pub fn good(self, message: impl Into<String>) {
        self.show(Tone::Good, message.into());
    }

    pub fn note(self, message: impl Into<String>) {
        self.show(Tone::Note, message.into());
    }

    pub fn error(self, message: impl Into<String>) {
        self.show(Tone::Error, message.into());
    }

    fn show(self, tone: Tone, message: String) {
        if self.list.with_untracked(|list| list.iter().any(|toast| toast.message == message)) {
            return;
        }
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.list.update(|list| {
            list.push(Toast { id, tone, message });
            if list.len() > AT_MOST {
                list.remove(0);
            }
        });
        if tone != Tone::Error {
            set_timeout(move || self.close(id), SHOWN_FOR);
        }
    }

    pub fn close(self, id: u64) {
        self.list.update(|list| list.retain(|toast| toast.id != id));
    }
}
