//! A part of the report as a table, ready to read; names of touch points lead to their journeys.

use leptos::prelude::*;
use leptos::task::spawn_local;
use studio_api::{PartTable, ReadPart, ReportPart};

use super::Looking;
use super::journeys::Drill;
use super::part_card::shown;
use crate::backend;
use crate::state::use_studio;

#[component]
pub fn PartTableView(part: ReportPart, slug: String) -> impl IntoView {
    let studio = use_studio();
    let Looking { look, drill, .. } = expect_context();
    let wanted = Memo::new(move |_| Some((shown(studio)?, look.get())));
    let table = RwSignal::new(None::<PartTable>);
    Effect::new(move |_| {
        let Some(asked) = wanted.get() else { return };
        let request = ReadPart { report: asked.0.id.clone(), part, view: asked.1.clone() };
        spawn_local(async move {
            let read = backend::call(request).await;
            if wanted.try_get_untracked().flatten().as_ref() != Some(&asked) {
                return;
            }
            match read {
                Ok(read) => table.set(Some(read)),
                Err(error) => studio.complain(error),
            }
        });
    });
    move || table.get().map(|table| rows(table, drill, &slug))
}

fn rows(table: PartTable, drill: RwSignal<Option<Drill>>, slug: &str) -> impl IntoView + use<> {
    let numeric: Vec<bool> = table.columns.iter().map(|column| column.is_number).collect();
    let head = table.columns.into_iter().map(|column| {
        view! { <th scope="col" class:number=column.is_number>{column.name}</th> }
    });
    let head = head.collect_view();
    let row_id = format!("{slug}-row");
    let leads = table.leads_to_journeys;
    let body = table.rows.into_iter().map(|row| {
        let cells = row.into_iter().enumerate().map(|(place, cell)| {
            let number = numeric.get(place).copied().unwrap_or_default();
            match (place, leads) {
                (0, true) => {
                    let channel = cell.clone();
                    view! {
                        <th scope="row">
                            <button class="link" title="Journeys behind this credit" on:click=move |_| drill.set(Some(Drill { channel: channel.clone() }))>{cell}</button>
                        </th>
                    }
                    .into_any()
                }
                _ => view! { <td class:number=number>{cell}</td> }.into_any(),
            }
        });
        view! { <tr data-testid=row_id.clone()>{cells.collect_view()}</tr> }
    });
    view! {
        <div class="table-card">
            <table class="plain" data-testid=format!("{slug}-table")>
                <thead><tr>{head}</tr></thead>
                <tbody>{body.collect_view()}</tbody>
            </table>
        </div>
    }
}
