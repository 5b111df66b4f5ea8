//! Light, dark or as the system says. The tokens follow `data-theme` on the page's root.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;

use super::layout::{store, stored};

const KEY: &str = "dtc.theme";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ThemeChoice {
    System,
    Light,
    Dark,
}

impl ThemeChoice {
    pub fn name(self) -> &'static str {
        match self {
            ThemeChoice::System => "system",
            ThemeChoice::Light => "light",
            ThemeChoice::Dark => "dark",
        }
    }

    pub fn next(self) -> ThemeChoice {
        match self {
            ThemeChoice::System => ThemeChoice::Light,
            ThemeChoice::Light => ThemeChoice::Dark,
            ThemeChoice::Dark => ThemeChoice::System,
        }
    }
}

#[derive(Clone, Copy)]
pub struct Theme {
    pub choice: RwSignal<ThemeChoice>,
    /// What the tokens are now; changes after they did.
    pub shown_dark: RwSignal<bool>,
    system_dark: RwSignal<bool>,
}

impl Theme {
    pub fn load() -> Theme {
        let choice = match stored(KEY).as_deref() {
            Some("light") => ThemeChoice::Light,
            Some("dark") => ThemeChoice::Dark,
            _ => ThemeChoice::System,
        };
        Theme { choice: RwSignal::new(choice), shown_dark: RwSignal::new(false), system_dark: RwSignal::new(false) }
    }

    /// Whether the tokens are dark; follows the system where it is to decide.
    fn dark(self) -> bool {
        match self.choice.get() {
            ThemeChoice::Light => false,
            ThemeChoice::Dark => true,
            ThemeChoice::System => self.system_dark.get(),
        }
    }

    pub fn choose(self, choice: ThemeChoice) {
        store(KEY, choice.name());
        self.choice.set(choice);
    }

    /// Listens to the system for as long as the page lives.
    pub fn follow_system(self) {
        let Ok(Some(query)) = window().match_media("(prefers-color-scheme: dark)") else { return };
        self.system_dark.set(query.matches());
        let listener = Closure::<dyn FnMut()>::new({
            let query = query.clone();
            move || self.system_dark.set(query.matches())
        });
        let outcome = query.add_event_listener_with_callback("change", listener.as_ref().unchecked_ref());
        if outcome.is_ok() {
            listener.forget();
        }
    }

    /// Writes the tokens' switch; call from an effect, before anything reads colours.
    pub fn apply(self) -> bool {
        let dark = self.dark();
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-theme", if dark { "dark" } else { "light" });
        }
        self.shown_dark.set(dark);
        dark
    }
}
