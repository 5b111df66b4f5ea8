//! Search or run: documents and commands by any part of their name.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use studio_api::DocumentKind;
use web_sys::KeyboardEvent;

use super::modal::Modal;
use crate::editor::bridge;
use crate::keys::next_problem;
use crate::state::dialogs::Dialog;
use crate::state::projects::Destination;
use crate::state::{Page, Studio, use_studio};

#[derive(Clone)]
struct Item {
    title: String,
    hint: &'static str,
    /// Outlives the palette, which is closed before it acts.
    act: Arc<dyn Fn() + Send + Sync>,
}

fn item(title: impl Into<String>, hint: &'static str, act: impl Fn() + Send + Sync + 'static) -> Item {
    Item { title: title.into(), hint, act: Arc::new(act) }
}

fn documents(studio: Studio) -> Vec<Item> {
    let list = studio.documents.list.get_untracked();
    list.into_iter()
        .map(|info| item(info.name.clone(), "open", move || studio.documents.show(studio, &info.name)))
        .collect()
}

fn commands(studio: Studio) -> Vec<Item> {
    let theme = item("Switch theme", "", move || studio.theme.choose(studio.theme.choice.get_untracked().next()));
    let keys = item("Show keys", "", move || studio.dialog.set(Some(Dialog::Keys)));
    if studio.project.with_untracked(Option::is_none) {
        let templates = studio.projects.templates.get_untracked().into_iter();
        let mut items: Vec<Item> = templates
            .map(|template| {
                item(format!("Open template: {}", template.title), "", move || {
                    studio.projects.open_template(studio, template.id.clone())
                })
            })
            .collect();
        items.extend([theme, keys]);
        return items;
    }
    let editor = |title: &str, hint, id: &'static str| {
        item(title, hint, move || {
            studio.page.set(Page::Author);
            request_animation_frame(move || bridge::act(id));
        })
    };
    let mut items = vec![
        item("Run", "Ctrl Enter", move || studio.preview.start(studio)),
        item("Stop the run", "", move || studio.preview.cancel(studio)),
        item("Save all documents", "", move || studio.documents.save_all(studio)),
        item("New document…", "", move || {
            studio.dialog.set(Some(Dialog::NewDocument { kind: DocumentKind::Streaming }))
        }),
        item("Next problem", "F8", move || next_problem(studio)),
        item("Fix all problems of this document", "", move || {
            if let Some(name) = studio.documents.active.get_untracked() {
                studio.documents.fix_all(studio, &name);
            }
        }),
        item("Open or close the bottom panel", "Ctrl J", move || {
            studio.layout.change(|sizes| sizes.bottom_open = !sizes.bottom_open)
        }),
        item("Open or close the side panel", "Ctrl B", move || {
            studio.layout.change(|sizes| sizes.side_open = !sizes.side_open)
        }),
        editor("Tell what stands at the cursor", "Shift F1", "editor.action.showHover"),
        editor("Lay out this document", "Shift Alt F", "editor.action.formatDocument"),
        editor("Rewrite this document to today's names…", "", "editor.action.refactor"),
        editor("Go to a part of this document…", "Ctrl Shift O", "editor.action.quickOutline"),
        editor("Go to the definition", "F12", "editor.action.revealDefinition"),
        editor("Show the uses", "Shift F12", "editor.action.goToReferences"),
        editor("Rename…", "F2", "editor.action.rename"),
        editor("Editor commands…", "", "editor.action.quickCommand"),
        item("Clear the output", "", move || studio.output.clear()),
        item("All projects and templates", "", move || studio.leave_for(Destination::Start)),
        theme,
        keys,
    ];
    items.extend(Page::ALL.map(|page| item(format!("Go to {}", page.title()), "", move || studio.go(page))));
    items
}

/// Whether all letters of what is sought come in this order; better the closer they stand.
fn score(title: &str, sought: &str) -> Option<usize> {
    let title = title.to_lowercase();
    if let Some(at) = title.find(sought) {
        return Some(at);
    }
    let mut letters = title.char_indices();
    let mut last = 0;
    for wanted in sought.chars().filter(|letter| !letter.is_whitespace()) {
        last = letters.find(|(_, letter)| *letter == wanted)?.0;
    }
    Some(1000 + last)
}

#[component]
pub fn Palette(only_documents: bool) -> impl IntoView {
    let studio = use_studio();
    let mut all = documents(studio);
    if !only_documents {
        all.extend(commands(studio));
    }
    let all = StoredValue::new(all);
    let sought = RwSignal::new(String::new());
    let at = RwSignal::new(0usize);
    let found = Memo::new_with_compare(
        move |_| {
            let sought = sought.get().trim().to_lowercase();
            let mut hits: Vec<(usize, Item)> = all.with_value(|all| {
                all.iter().filter_map(|item| Some((score(&item.title, &sought)?, item.clone()))).collect()
            });
            if !sought.is_empty() {
                hits.sort_by_key(|(score, _)| *score);
            }
            hits.into_iter().map(|(_, item)| item).collect::<Vec<_>>()
        },
        |_, _| true,
    );
    let close = move || studio.dialog.set(None);
    let run = move |index: usize| {
        if let Some(item) = found.with_untracked(|found| found.get(index).cloned()) {
            close();
            // After the focus has gone back to where it was: the command may move it on.
            request_animation_frame(move || (item.act)());
        }
    };
    view! {
        <Modal label="Search or run" class="palette" on_close=Callback::new(move |()| close())>
            <PaletteInput sought at count=Signal::derive(move || found.with(Vec::len)) on_run=Callback::new(run) only_documents />
            <ul id="palette-list" role="listbox" aria-label="Found">
                {move || found.get().into_iter().enumerate().map(|(index, item)| view! { <PaletteRow index item at on_run=Callback::new(run) /> }).collect_view()}
            </ul>
            <Show when=move || found.with(Vec::is_empty)>
                <p class="quiet">"Nothing has this name."</p>
            </Show>
        </Modal>
    }
}

#[component]
fn PaletteInput(
    sought: RwSignal<String>,
    at: RwSignal<usize>,
    count: Signal<usize>,
    on_run: Callback<usize>,
    only_documents: bool,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            request_animation_frame(move || {
                let _ = input.focus();
            });
        }
    });
    let on_key = move |event: KeyboardEvent| {
        let last = count.get_untracked().saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => at.update(|at| *at = if *at >= last { 0 } else { *at + 1 }),
            "ArrowUp" => at.update(|at| *at = at.checked_sub(1).unwrap_or(last)),
            "Enter" => on_run.run(at.get_untracked()),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <input
            type="text"
            class="palette-input"
            role="combobox"
            aria-expanded="true"
            aria-controls="palette-list"
            aria-activedescendant=move || format!("palette-{}", at.get())
            aria-label=if only_documents { "Document" } else { "Document or command" }
            placeholder=if only_documents { "Open document…" } else { "Search or run…" }
            autocomplete="off"
            spellcheck="false"
            data-testid="palette-input"
            node_ref=input
            on:input=move |event| {
                sought.set(event_target_value(&event));
                at.set(0);
            }
            on:keydown=on_key
        />
    }
}

#[component]
fn PaletteRow(index: usize, item: Item, at: RwSignal<usize>, on_run: Callback<usize>) -> impl IntoView {
    let row = NodeRef::<html::Li>::new();
    let current = move || at.get() == index;
    Effect::new(move |_| {
        if current()
            && let Some(row) = row.get()
        {
            row.scroll_into_view_with_bool(false);
        }
    });
    view! {
        <li
            id=format!("palette-{index}")
            class="palette-row"
            class:active=current
            role="option"
            aria-selected=move || current().to_string()
            data-testid="palette-item"
            node_ref=row
            on:click=move |_| on_run.run(index)
            on:mousemove=move |_| at.set(index)
        >
            <span>{item.title}</span>
            <span class="row-note">{item.hint}</span>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::score;

    #[test]
    fn finds_by_parts_and_by_letters() {
        assert_eq!(score("Next problem", "prob"), Some(5));
        assert!(score("streaming.dtc.yaml", "stryaml").is_some());
        assert_eq!(score("Run", "x"), None);
        assert_eq!(score("Run", ""), Some(0));
    }
}
