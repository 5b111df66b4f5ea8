//! What policies are worth: a table to pick them in, what guards say, and the figures of those that were picked.

use ::charts::{Drawing, Figure};
use leptos::prelude::*;
use studio_api::{PolicyWorth, RewardPart, RewardReport, Worth};

use super::chart_card::ChartCard;
use crate::charts::style;
use crate::state::format::decimal;
use crate::state::taking::take_rewards;
use crate::state::use_studio;

/// Which policies are looked at.
#[derive(Clone, Copy)]
struct Picked {
    worth: Memo<Option<Worth>>,
    /// Names of those that curves leave out.
    hidden: RwSignal<Vec<String>>,
    /// The one whose estimators and weights are shown; `None`: the last, which is mostly the one that is asked about.
    chosen: RwSignal<Option<String>>,
}

impl Picked {
    /// Its place among the policies.
    fn place(self) -> Option<usize> {
        self.worth.with(|worth| {
            let policies = &worth.as_ref()?.policies;
            let named =
                self.chosen.with(|chosen| policies.iter().position(|policy| Some(&policy.name) == chosen.as_ref()));
            named.or_else(|| policies.len().checked_sub(1))
        })
    }

    fn is_hidden(self, name: &str) -> bool {
        self.hidden.with(|hidden| hidden.iter().any(|one| one == name))
    }

    fn toggle(self, name: &str) {
        self.hidden.update(|hidden| match hidden.iter().position(|one| one == name) {
            Some(place) => drop(hidden.remove(place)),
            None => hidden.push(name.to_owned()),
        });
    }

    /// The figure with the series of picked policies only.
    fn figure(self, id: &str) -> Option<Figure> {
        self.worth.with(|worth| {
            let worth = worth.as_ref()?;
            let mut figure = worth.figures.iter().find(|figure| figure.id == id)?.clone();
            let shown = |place: usize| worth.policies.get(place).is_none_or(|policy| !self.is_hidden(&policy.name));
            match &mut figure.drawing {
                Drawing::Lines(data) => data.lines.retain(|line| shown(line.color)),
                Drawing::Intervals(data) if id == "values" => data.rows.retain(|row| shown(row.color)),
                _ => {}
            }
            Some(figure)
        })
    }
}

#[component]
pub fn WorthView(report: Memo<Option<RewardReport>>) -> impl IntoView {
    let worth = Memo::new(move |_| report.with(|report| report.as_ref().and_then(|report| report.worth.clone())));
    let picked = Picked { worth, hidden: RwSignal::new(Vec::new()), chosen: RwSignal::new(None) };
    let figures = Memo::new(move |_| heads(picked));
    view! {
        <section class="worth" aria-label="What policies are worth" data-testid="worth">
            <h2>"What policies are worth"</h2>
            <Show
                when=move || worth.with(Option::is_some)
                fallback=|| {
                    view! {
                        <p class="quiet" data-testid="worth-empty">
                            "Say under Decision with which Probability the action was chosen, and this shows what other policies would have earned."
                        </p>
                    }
                }
            >
                <Notices picked />
                {move || worth.get().map(|worth| view! { <PolicyTable picked policies=worth.policies /> })}
                <For each=move || figures.get() key=|head| head.clone() let:head>
                    <FigureCard picked head />
                </For>
            </Show>
        </section>
    }
}

/// What stays of a figure while its numbers change: identity, title, note.
type Head = (String, String, String);

/// Of those that concern all policies, and of the chosen one's.
fn heads(picked: Picked) -> Vec<Head> {
    let own = picked.place().map(|place| format!("-{}", place + 1));
    picked.worth.with(|worth| {
        let figures = worth.iter().flat_map(|worth| &worth.figures);
        let shown = figures.filter(|figure| match figure.id.split_once('-') {
            None => true,
            Some((kind, _)) => own.as_ref().is_some_and(|own| figure.id == format!("{kind}{own}")),
        });
        shown.map(|figure| (figure.id.clone(), figure.title.clone(), figure.note.clone())).collect()
    })
}

#[component]
fn Notices(picked: Picked) -> impl IntoView {
    let notices = move || picked.worth.get().map(|worth| worth.notices).unwrap_or_default();
    let guards = move || {
        let policies = picked.worth.get().map(|worth| worth.policies).unwrap_or_default();
        let told = |policy: PolicyWorth| {
            policy.guards.into_iter().map(move |guard| (policy.name.clone(), guard.refuses, guard.reason))
        };
        policies.into_iter().flat_map(told).collect::<Vec<_>>()
    };
    view! {
        <ul class="guards" data-testid="guards">
            {move || {
                let told = notices().into_iter().map(|text| view! { <li class="guard">{text}</li> });
                told.collect_view()
            }}
            {move || {
                let told = guards().into_iter().map(|(name, refuses, reason)| {
                    view! {
                        <li class="guard" class:refuses=refuses>
                            <strong>{name}{if refuses { ": no answer. " } else { ": in doubt. " }}</strong>
                            {reason}
                        </li>
                    }
                });
                told.collect_view()
            }}
        </ul>
    }
}

#[component]
fn PolicyTable(picked: Picked, policies: Vec<PolicyWorth>) -> impl IntoView {
    let studio = use_studio();
    let taken = policies.clone();
    let rows = policies.into_iter().enumerate().map(|(place, policy)| view! { <PolicyRow picked place policy /> });
    view! {
        <div class="table-card">
            <table class="plain" data-testid="policy-table">
                <thead>
                    <tr>
                        <th scope="col" title="Whether curves show it">"Shown"</th>
                        <th scope="col">"Policy"</th>
                        <th scope="col">"Answer"</th>
                        <th scope="col" class="number" title="Inverse propensity score">"IPS"</th>
                        <th scope="col" class="number" title="Self-normalised inverse propensity score">"SNIPS"</th>
                        <th scope="col" class="number" title="Normal interval of SNIPS">"95 % interval"</th>
                        <th scope="col" class="number" title="Doubly robust: with a model of the reward">"DR"</th>
                        <th scope="col" class="number" title="So many decisions of the policy's own would tell as much">"Effective decisions"</th>
                        <th scope="col" class="number" title="How much one decision counts at most">"Largest weight"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
            <div class="chart-tools">
                <button class="link" data-testid="take-policies" on:click=move |_| take_rewards(studio, RewardPart::Policies(taken.clone()))>"CSV"</button>
            </div>
        </div>
    }
}

#[component]
fn PolicyRow(picked: Picked, place: usize, policy: PolicyWorth) -> impl IntoView {
    let number = |value: Option<f64>| value.map_or("–".to_owned(), decimal);
    let interval =
        policy.interval.map_or("–".to_owned(), |(low, high)| format!("{} to {}", decimal(low), decimal(high)));
    let refused = policy.guards.iter().any(|guard| guard.refuses);
    let (class, answer) = match (refused, policy.guards.is_empty()) {
        (true, _) => ("refused", "refused"),
        (false, false) => ("doubtful", "in doubt"),
        (false, true) => ("", "given"),
    };
    let name = StoredValue::new(policy.name.clone());
    let shown = move || !name.with_value(|name| picked.is_hidden(name));
    let studio = use_studio();
    let color = move || {
        // The theme switches the tokens that the style is read from.
        studio.theme.shown_dark.track();
        let style = style::from_tokens();
        format!("background:{}", style.series[place % style.series.len()])
    };
    view! {
        <tr data-testid="policy-row" class:selected=move || picked.place() == Some(place)>
            <td>
                <input
                    type="checkbox"
                    aria-label=format!("Show {} in curves", policy.name)
                    data-testid="policy-shown"
                    prop:checked=shown
                    on:change=move |_| name.with_value(|name| picked.toggle(name))
                />
            </td>
            <th scope="row">
                <button
                    class="link policy-name"
                    title="Show its estimators and weights"
                    aria-pressed=move || (picked.place() == Some(place)).to_string()
                    data-testid="policy-name"
                    on:click=move |_| picked.chosen.set(Some(name.get_value()))
                >
                    <span class="swatch" style=color></span>
                    {policy.name}
                </button>
            </th>
            <td class=format!("answer {class}")>{answer}</td>
            <td class="number">{number(policy.ips)}</td>
            <td class="number">{number(policy.snips)}</td>
            <td class="number">{interval}</td>
            <td class="number">{number(policy.dr)}</td>
            <td class="number">{::charts::number(policy.effective.round())}</td>
            <td class="number">{decimal(policy.largest_weight)}</td>
        </tr>
    }
}

#[component]
fn FigureCard(picked: Picked, head: Head) -> impl IntoView {
    let (id, title, note) = head;
    let testid = format!("figure-{id}");
    let id = StoredValue::new(id);
    let figure = move || id.with_value(|id| picked.figure(id));
    let draw = move |(style, width): (::charts::Style, u32)| figure()?.draw(&style, width);
    view! {
        <ChartCard label=title note testid draw=Callback::new(draw) figure=Callback::new(move |()| figure()) />
    }
}
