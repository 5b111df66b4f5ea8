//! The resources of a bundle, drawn by the studio: arrows lead from box to box, what is known of the chosen one stands beside.

use leptos::html;
use leptos::prelude::*;
use studio_api::ExportResource;
use wasm_bindgen::JsCast;
use web_sys::{Element, EventTarget, KeyboardEvent};

use crate::page_js;
use crate::state::use_studio;

#[component]
pub fn Graph(resources: Vec<ExportResource>, drawing: String) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    let chosen = RwSignal::new(0_usize);
    let resources = StoredValue::new(resources);
    let choose = move |node: usize, focus: bool| {
        chosen.set(node);
        if let Some(root) = place.get_untracked() {
            page_js::choose_node(&root, node as u32, focus);
        }
    };
    Effect::new(move |_| {
        if place.get().is_some() {
            choose(0, false)
        }
    });
    let at = move |target: Option<EventTarget>| {
        let node = target?.dyn_into::<Element>().ok()?.closest("[data-node]").ok()??;
        node.get_attribute("data-node")?.parse::<usize>().ok()
    };
    let take = move |target: Option<EventTarget>| {
        if let Some(node) = at(target) {
            choose(node, false);
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let Some(from) = at(event.target()) else { return };
        if let Some(next) = resources.with_value(|all| nearest(all, from, &event.key())) {
            event.prevent_default();
            choose(next, true);
        }
    };
    let pick = Callback::new(move |node: usize| choose(node, true));
    view! {
        <div class="graph" data-testid="export-graph">
            <div class="graph-place" node_ref=place inner_html=drawing on:keydown=on_key on:focusin=move |event| take(event.target()) on:click=move |event| take(event.target())></div>
            <aside class="graph-about" aria-live="polite" data-testid="resource">
                {move || {
                    let node = chosen.get();
                    resources.with_value(|all| all.get(node).cloned().map(|it| {
                        let name = |places: &[u32]| places.iter().filter_map(|at| Some((*at as usize, all.get(*at as usize)?.id.clone()))).collect::<Vec<_>>();
                        let (from, to) = (name(&it.from), name(&it.to));
                        view! { <About resource=it from to pick /> }
                    }))
                }}
            </aside>
        </div>
    }
}

/// The box that an arrow leads to.
fn nearest(all: &[ExportResource], from: usize, key: &str) -> Option<usize> {
    let (right, down) = match key {
        "ArrowRight" => (1, 0),
        "ArrowLeft" => (-1, 0),
        "ArrowDown" => (0, 1),
        "ArrowUp" => (0, -1),
        _ => return None,
    };
    let here = all.get(from)?;
    let found = all.iter().enumerate().filter_map(|(at, other)| {
        let (x, y) = (i64::from(other.x) - i64::from(here.x), i64::from(other.y) - i64::from(here.y));
        let (ahead, aside) = (x * right + y * down, x * down + y * right);
        (ahead > 0).then(|| (ahead + 2 * aside.abs(), at))
    });
    found.min().map(|(_, at)| at)
}

#[component]
fn About(
    resource: ExportResource,
    from: Vec<(usize, String)>,
    to: Vec<(usize, String)>,
    pick: Callback<usize>,
) -> impl IntoView {
    let exports = use_studio().exports;
    let links = move |title: &'static str, near: Vec<(usize, String)>| {
        let link = move |(at, id): (usize, String)| view! { <li><button class="link" on:click=move |_| pick.run(at)>{id}</button></li> };
        (!near.is_empty()).then(|| view! { <h3>{title}</h3><ul>{near.into_iter().map(link).collect_view()}</ul> })
    };
    let parts = (!resource.parts.is_empty()).then(|| {
        view! { <h3>"With it"</h3><ul>{resource.parts.into_iter().map(|part| view! { <li>{part}</li> }).collect_view()}</ul> }
    });
    let line = resource.line;
    view! {
        <h2>{resource.id}</h2>
        <p>{resource.kind}{resource.holds_data.then_some(" · holds data")}</p>
        <p class="dim">{resource.about}</p>
        {links("From", from)}
        {links("To", to)}
        {parts}
        <button class="button small" data-testid="resource-line" on:click=move |_| exports.go_to("template.yaml", line)>"Show in template.yaml"</button>
    }
}
