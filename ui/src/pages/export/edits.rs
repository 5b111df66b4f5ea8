//! A save that stopped: files somebody edited, what was edited, and for each whether the edits stay.

use leptos::prelude::*;
use studio_api::{EditedFile, SavePlace};

use super::files::diff_html;
use crate::components::modal::Modal;
use crate::state::format::counted;
use crate::state::use_studio;

#[component]
pub fn Edits() -> impl IntoView {
    let studio = use_studio();
    let exports = studio.exports;
    let close = move || exports.stopped.set(None);
    let decide = move |_| {
        let overwrite = exports.overwrite.get_untracked().into_iter().collect();
        close();
        exports.save(studio, SavePlace::Again, Some(overwrite));
    };
    let words = move |files: usize| {
        let lost = exports.overwrite.with(|chosen| chosen.len());
        let count = |count: usize| counted(&count.to_string(), "edited file", "edited files");
        match (files - lost, lost) {
            (kept, 0) => format!("Save the rest, keep {}", count(kept)),
            (0, lost) => format!("Save, overwrite {}", count(lost)),
            (kept, lost) => format!("Save, keep {kept}, overwrite {lost}"),
        }
    };
    move || {
        exports.stopped.get().map(|stopped| {
            let files = stopped.files.len();
            view! {
                <Modal label="Edited files" class="wide" on_close=Callback::new(move |()| close())>
                    <h2>"Files were edited by hand"</h2>
                    <p>"Nothing is written yet to " <code>{stopped.location}</code> ". What shall become of each?"</p>
                    <div class="edited-list">{stopped.files.into_iter().map(|file| view! { <Edited file /> }).collect_view()}</div>
                    <div class="actions">
                        <button class="button" on:click=move |_| close()>"Cancel"</button>
                        <button class="button" class:primary=move || exports.overwrite.with(|it| it.is_empty()) class:danger=move || exports.overwrite.with(|it| !it.is_empty())
                            data-testid="edits-decide" on:click=decide>{move || words(files)}</button>
                    </div>
                </Modal>
            }
        })
    }
}

#[component]
fn Edited(file: EditedFile) -> impl IntoView {
    let overwrite = use_studio().exports.overwrite;
    let path = StoredValue::new(file.path.clone());
    let gives_up = move || overwrite.with(|chosen| path.with_value(|path| chosen.contains(path)));
    let set = move |on: bool| {
        overwrite.update(|chosen| {
            let path = path.get_value();
            if on {
                chosen.insert(path)
            } else {
                chosen.remove(&path)
            };
        });
    };
    let choice = move |on: bool, slug: &'static str, words: &'static str| {
        view! {
            <button class="choice" class:active=move || gives_up() == on aria-pressed=move || (gives_up() == on).to_string()
                data-testid=format!("edits-{slug}") on:click=move |_| set(on)>{words}</button>
        }
    };
    view! {
        <section data-testid="edited-file">
            <header>
                <div><strong>{file.path}</strong><p>{file.about}</p></div>
                <div class="choices">{choice(false, "keep", "Keep the edits")}{choice(true, "overwrite", "Overwrite")}</div>
            </header>
            <pre class="code diff" tabindex="0" inner_html=diff_html(&file.diff)></pre>
        </section>
    }
}
