//! Sizes of the panes and which of them are open; remembered in this browser.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

const KEY: &str = "dtc.layout";

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sizes {
    /// Pixels.
    pub side: f64,
    /// Share of what the side panel leaves, 0 to 1.
    pub results: f64,
    /// Pixels.
    pub bottom: f64,
    pub side_open: bool,
    pub bottom_open: bool,
}

impl Default for Sizes {
    fn default() -> Sizes {
        Sizes { side: 244.0, results: 0.5, bottom: 168.0, side_open: true, bottom_open: false }
    }
}

impl Sizes {
    /// Nothing can be dragged out of sight.
    pub fn bounded(self) -> Sizes {
        Sizes {
            side: finite(self.side, 244.0).clamp(160.0, 480.0),
            results: finite(self.results, 0.5).clamp(0.2, 0.8),
            bottom: finite(self.bottom, 168.0).clamp(80.0, 600.0),
            ..self
        }
    }
}

fn finite(value: f64, otherwise: f64) -> f64 {
    if value.is_finite() { value } else { otherwise }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BottomTab {
    Problems,
    Unusable,
    Dropped,
    Output,
}

#[derive(Clone, Copy)]
pub struct Layout {
    pub sizes: RwSignal<Sizes>,
    pub bottom_tab: RwSignal<BottomTab>,
}

impl Layout {
    pub fn load() -> Layout {
        let sizes = stored(KEY).and_then(|text| serde_json::from_str::<Sizes>(&text).ok()).unwrap_or_default();
        Layout { sizes: RwSignal::new(sizes.bounded()), bottom_tab: RwSignal::new(BottomTab::Problems) }
    }

    pub fn change(self, change: impl FnOnce(&mut Sizes)) {
        self.sizes.update(|sizes| {
            change(sizes);
            *sizes = sizes.bounded();
        });
        if let Ok(text) = serde_json::to_string(&self.sizes.get_untracked()) {
            store(KEY, &text);
        }
    }

    pub fn show_bottom(self, tab: BottomTab) {
        self.bottom_tab.set(tab);
        self.change(|sizes| sizes.bottom_open = true);
    }
}

/// A value remembered in this browser; `None` too where the browser forbids storage.
pub fn stored(key: &str) -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(key).ok().flatten()
}

/// Remembers a value where the browser allows it; nothing depends on it.
pub fn store(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_stay_in_sight() {
        let wild = Sizes { side: -5.0, results: f64::NAN, bottom: 1e9, ..Sizes::default() };
        let sizes = wild.bounded();
        assert_eq!((sizes.side, sizes.results, sizes.bottom), (160.0, 0.5, 600.0));
    }
}
