//! A library that trusts its files, made safe for files that are damaged: its panic is an answer.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

thread_local! {
    /// Whether a panic of this thread is an answer, and not to be printed.
    static ANSWERS: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`; where damage gets past a library's own checks, the text of its panic is the error.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static SILENCED: Once = Once::new();
    SILENCED.call_once(|| {
        let print = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !ANSWERS.get() {
                print(panic);
            }
        }));
    });
    ANSWERS.set(true);
    let answer = catch_unwind(AssertUnwindSafe(work));
    ANSWERS.set(false);
    answer.map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("pages make no sense").to_owned()
    })
}
