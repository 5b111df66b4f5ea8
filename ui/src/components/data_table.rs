//! Placeholder of UI until DATA writes it.
use leptos::prelude::*;
use studio_api::*;
#[component]
pub fn DataTable(#[prop(into)] table: Signal<TableInfo>, #[prop(into)] run: Signal<RunId>) -> impl IntoView {
    let page = LocalResource::new(move || { let t = table.get(); let run = run.get(); async move { crate::backend::call(ReadRows { run, table: t.name, from: 0, count: 200, sort: None, filter: None }).await.ok() } });
    view! { <div style="overflow:auto;flex:1"><table class="plain">
    <thead><tr>{move || table.get().columns.into_iter().map(|c| view!{<th>{c.name}<br/>{c.field_type}</th>}).collect_view()}</tr></thead>
    <tbody>{move || page.get().flatten().map(|p| p.rows.into_iter().map(|r| view!{<tr>{r.into_iter().map(|c| view!{<td data-testid="cell">{c.unwrap_or("–".into())}</td>}).collect_view()}</tr>}).collect_view())}</tbody></table></div> }
}
