//! The identity whose row is selected in a table: its newest values, for the editor's hover. Follows the runs.

use leptos::prelude::*;
use leptos::task::spawn_local;
use studio_api::{IdentityRow, ReadIdentity};

use super::Studio;
use crate::backend;

#[derive(Clone, Copy)]
pub struct LookedAt {
    pub identity: RwSignal<Option<String>>,
    rows: RwSignal<Vec<IdentityRow>>,
}

impl LookedAt {
    pub fn new() -> LookedAt {
        LookedAt { identity: RwSignal::new(None), rows: RwSignal::new(Vec::new()) }
    }

    /// Reads the identity's rows anew when another one is selected, and after each run.
    pub fn follow(self, studio: Studio) {
        Effect::new(move |_| {
            let run = studio.preview.good.with(|good| good.as_ref().map(|good| good.run.clone()));
            let (Some(identity), Some(run)) = (self.identity.get(), run) else {
                self.rows.set(Vec::new());
                return;
            };
            spawn_local(async move {
                let read = backend::call(ReadIdentity { run, identity: identity.clone() }).await;
                // The run may be gone by now; its successor reads again.
                if let (Ok(rows), true) = (read, self.identity.get_untracked().as_ref() == Some(&identity)) {
                    self.rows.set(rows);
                }
            });
        });
    }

    /// What a field is for the identity: `aggregate` is a table of its own, or a part of the table of `document`.
    pub fn value(self, document: &str, aggregate: &str, field: &str) -> Option<String> {
        let identity = self.identity.get_untracked()?;
        self.rows.with_untracked(|rows| {
            let of = |table: &str, column: &str| {
                let row = rows.iter().find(|row| row.table == table)?;
                let place = row.columns.iter().position(|name| name == column)?;
                Some((row.rows, row.cells.get(place)?.clone()))
            };
            let (count, cell) = of(aggregate, field).or_else(|| of(document, &format!("{aggregate}.{field}")))?;
            Some(sentence(&identity, count, cell.as_deref()))
        })
    }
}

fn sentence(identity: &str, rows: u64, cell: Option<&str>) -> String {
    let shown = cell.map_or("nothing".to_owned(), |text| format!("`{}`", text.replace('`', "'")));
    match rows {
        1 => format!("For `{identity}`: {shown}"),
        rows => format!("For `{identity}`: {shown} in the last of {rows} rows"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_told_in_a_sentence() {
        assert_eq!(sentence("ada", 1, Some("17")), "For `ada`: `17`");
        assert_eq!(sentence("ada", 3, None), "For `ada`: nothing in the last of 3 rows");
    }
}
