//! Results as a table: a line a channel, columns a model. For people with conversions alone, as CSV with values too.

use std::io::{self, Write};

use attribution::{Channel, Credit};

use super::{Said, comparison};

/// A column of a table.
struct Column {
    name: String,
    credit: Credit,
}

/// Models that have credits; games of rates share the conversions out in proportion.
fn columns(said: &Said<'_>) -> Vec<Column> {
    let conversions = said.given.paths.sample().totals().conversions;
    let credits = said.answers.iter().filter_map(|(asked, answer)| {
        let credit = answer.as_ref().ok()?.credit(conversions)?;
        Some(Column { name: asked.key.clone(), credit })
    });
    credits.collect()
}

pub fn csv(said: &Said<'_>, out: &mut impl Write) -> io::Result<()> {
    let columns = columns(said);
    write!(out, "channel")?;
    for column in &columns {
        write!(out, ",{}", quoted(&format!("{}/conv", column.name)))?;
        if !column.credit.value.is_empty() {
            write!(out, ",{}", quoted(&format!("{}/value", column.name)))?;
        }
    }
    writeln!(out)?;
    for channel in said.given.paths.names.sorted() {
        write!(out, "{}", quoted(said.given.paths.names.name(channel)))?;
        for column in &columns {
            for values in [&column.credit.conversions, &column.credit.value] {
                if let Some(value) = values.get(channel as usize) {
                    write!(out, ",{value}")?;
                }
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

fn quoted(text: &str) -> String {
    let needs = text.contains(['"', ',', '\n', '\r']);
    if needs { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

/// Models below each other would be wide: one block a model, the best channels first.
pub fn human(said: &Said<'_>, out: &mut impl Write) -> io::Result<()> {
    let sample = said.given.paths.sample();
    let totals = sample.totals();
    writeln!(
        out,
        "{}: {} journeys, {} touches of {} touch points, {} conversions worth {}",
        said.given.dataset,
        totals.journeys,
        said.given.paths.touches(),
        said.given.paths.names.len(),
        totals.conversions + totals.unattributed,
        round(totals.value + totals.unattributed_value),
    )?;
    if totals.unattributed > 0.0 {
        writeln!(out, "{} conversions came without a touch; nobody is credited with them", totals.unattributed)?;
    }
    let width = said.given.paths.names.iter().map(|name| name.chars().count()).max().unwrap_or_default().min(40);
    for column in columns(said) {
        writeln!(out, "\n{}", column.name)?;
        let credit = &column.credit;
        let stability = said.doubts.as_ref().and_then(|doubts| doubts.of(&column.name));
        let mut order = said.given.paths.names.sorted();
        let at = |values: &[f64], channel: Channel| values.get(channel as usize).copied().unwrap_or_default();
        order.sort_by(|a, b| at(&credit.conversions, *b).total_cmp(&at(&credit.conversions, *a)));
        for channel in order {
            let conversions = at(&credit.conversions, channel);
            let share = if totals.conversions == 0.0 { 0.0 } else { 100.0 * conversions / totals.conversions };
            let name = said.given.paths.names.name(channel);
            write!(out, "  {name:<width$} {:>14} {share:>6.1} %", round(conversions))?;
            if let Some(value) = credit.value.get(channel as usize) {
                write!(out, " {:>16}", round(*value))?;
            }
            if let Some(stability) = stability {
                let (share, ranks) = (stability.share[channel as usize], stability.ranks[channel as usize]);
                write!(out, "   {:.1} to {:.1} %, ", 100.0 * share.low, 100.0 * share.high)?;
                write!(out, "rank {} to {}", ranks.low, ranks.high)?;
            }
            writeln!(out)?;
        }
    }
    if let Some(Ok(choice)) = &said.order {
        writeln!(out, "\nMarkov chain: order {} foretells held-out journeys best", choice.chosen)?;
        for score in &choice.orders {
            let (order, likelihood, error) = (score.order, score.log_likelihood, score.error);
            writeln!(out, "  order {order}: {likelihood:.5} nats a journey (± {error:.5} to the best)")?;
        }
    }
    if let Some(compared) = &said.compared {
        comparison::human(compared, out)?;
    }
    Ok(())
}

fn round(number: f64) -> String {
    let text = format!("{number:.2}");
    text.strip_suffix(".00").map(str::to_owned).unwrap_or(text)
}
