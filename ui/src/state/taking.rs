//! Files that the host makes of what is shown: saved by the browser, or where a dialog of the desktop said.

use leptos::prelude::*;
use leptos::task::spawn_local;
use studio_api::{ApiError, PartFormat, RewardPart, TakeRewards, TakenFile};

use super::Studio;
use crate::{backend, page_js};

/// Formats of a figure, as buttons call them.
pub const FORMATS: [(PartFormat, &str); 3] =
    [(PartFormat::Svg, "SVG"), (PartFormat::Png, "PNG"), (PartFormat::Csv, "CSV")];

/// Saves what came back, or says where it is.
pub fn taken(studio: Studio, answer: Result<Option<TakenFile>, ApiError>) {
    match answer {
        Ok(Some(file)) => match (file.base64, file.location) {
            (Some(base64), _) => {
                page_js::save_base64(&file.name, &file.media, &base64);
                studio.toasts.good(format!("Downloaded {}", file.name));
            }
            (None, location) => studio.toasts.good(format!("Saved {}", location.unwrap_or(file.name))),
        },
        Ok(None) => {}
        Err(error) => studio.complain(error),
    }
}

/// Whether a dialog of the desktop asks where to.
pub fn asks(studio: Studio) -> bool {
    studio.capabilities.with_untracked(|capabilities| capabilities.native_dialogs)
}

/// Takes a part of the bandit page.
pub fn take_rewards(studio: Studio, what: RewardPart) {
    let request = TakeRewards { what, dark: studio.theme.shown_dark.get_untracked(), ask: asks(studio) };
    spawn_local(async move { taken(studio, backend::call(request).await) });
}
