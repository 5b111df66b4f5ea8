//! A chart as wide as the page lets it be, drawn anew when size, theme or data change.

use ::charts::table::{Cell, Table};
use leptos::html;
use leptos::prelude::*;
use studio_api::RewardPart;
use wasm_bindgen::prelude::*;

use crate::charts::chart_view::ChartView;
use crate::charts::style;
use crate::page_js;
use crate::state::taking::{FORMATS, take_rewards};
use crate::state::use_studio;

pub(super) const NARROWEST: f64 = 280.0;

/// `draw` gets the style and the width in pixels. With `figure` its numbers can be read as a table and taken away.
#[component]
pub fn ChartCard(
    #[prop(into)] label: String,
    #[prop(into)] testid: String,
    #[prop(into, optional)] note: String,
    draw: Callback<(::charts::Style, u32), Option<::charts::Chart>>,
    #[prop(optional)] figure: Option<Callback<(), Option<::charts::Figure>>>,
) -> impl IntoView {
    let studio = use_studio();
    let place = NodeRef::<html::Div>::new();
    let width = RwSignal::new(0.0);
    follow_width(place, width);
    let chart = Memo::new(move |_| {
        let width = width.get();
        // The style comes from the tokens, which the theme switches.
        studio.theme.shown_dark.track();
        (width >= NARROWEST).then(|| draw.run((style::from_tokens(), width as u32))).flatten()
    });
    let caption = label.clone();
    view! {
        <figure class="chart-card" aria-label=label data-testid=testid>
            <figcaption>{caption}</figcaption>
            {(!note.is_empty()).then(|| view! { <p class="chart-note">{note}</p> })}
            <div class="chart-place" node_ref=place>
                <ChartView chart />
            </div>
            {figure.map(|figure| view! { <Numbers figure /> })}
        </figure>
    }
}

/// The figure as a table, and as files.
#[component]
fn Numbers(figure: Callback<(), Option<::charts::Figure>>) -> impl IntoView {
    let studio = use_studio();
    let open = RwSignal::new(false);
    let table = move || figure.run(()).map(|figure| shown(figure.table()));
    let files = FORMATS.map(|(format, name)| {
        let take = move |_| {
            if let Some(figure) = untrack(|| figure.run(())) {
                take_rewards(studio, RewardPart::Figure(figure, format));
            }
        };
        view! { <button class="link" data-testid=format!("figure-{}", name.to_lowercase()) on:click=take>{name}</button> }
    });
    view! {
        <div class="chart-tools">
            <button class="link" aria-expanded=move || open.get().to_string() data-testid="figure-table" on:click=move |_| open.update(|open| *open = !*open)>
                {move || if open.get() { "Hide table" } else { "Table" }}
            </button>
            {files.collect_view()}
        </div>
        <Show when=move || open.get()>
            <div class="chart-table">{table}</div>
        </Show>
    }
}

fn shown(table: Table) -> impl IntoView {
    let class = |is_number: bool| if is_number { "number" } else { "" };
    let kinds: Vec<bool> = table.columns.iter().map(|(_, is_number)| *is_number).collect();
    let row = |row: &Vec<Cell>| {
        let cell = |(cell, is_number): (&Cell, &bool)| view! { <td class=class(*is_number)>{cell.read()}</td> };
        view! { <tr>{row.iter().zip(&kinds).map(cell).collect_view()}</tr> }
    };
    let rows = table.rows.iter().map(row).collect_view();
    let name = |(name, is_number): (String, bool)| view! { <th scope="col" class=class(is_number)>{name}</th> };
    view! {
        <table class="plain">
            <thead>
                <tr>{table.columns.into_iter().map(name).collect_view()}</tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// The width of the place, now and whenever it changes.
pub(super) fn follow_width(place: NodeRef<html::Div>, width: RwSignal<f64>) {
    let stop = StoredValue::new_local(None::<(js_sys::Function, Closure<dyn FnMut(f64, f64)>)>);
    Effect::new(move |_| {
        if let Some(element) = place.get() {
            let on_size = Closure::<dyn FnMut(f64, f64)>::new(move |wide: f64, _| width.set(wide.floor()));
            let ending = page_js::watch_size(&element, &on_size);
            stop.set_value(Some((ending, on_size)));
        }
    });
    on_cleanup(move || {
        if let Some((ending, on_size)) = stop.try_update_value(Option::take).flatten() {
            let _ = ending.call0(&JsValue::NULL);
            drop(on_size);
        }
    });
}
