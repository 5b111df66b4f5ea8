//! The stores of an attribution document, opened: scores go there, raw events come from there.

use dtc_expr::Mode;
use dtc_io::json::json_text;
use dtc_io::{Origin, Projection};
use dtc_lang::document::{self, WarehouseKind};
use serde_json::Value;
use studio::{ChannelScore, RunScores};
use warehouse::{
    FileKind, Flavour, Lake, Postgres, PostgresPlace, Score, Scores, Secrets, Snowflake, SnowflakePlace, Warehouse,
};

use super::{Given, Said};
use crate::failure::{Failure, Outcome};

/// Writes what the models say as a run of this name, and says where to.
pub fn write(said: &Said<'_>, store: &str, run: &str) -> Outcome {
    let found = find(&said.given.stores, store)?;
    let missing = || Failure::Usage(format!("the store `{store}` has no `Table` that would take the scores"));
    if !matches!(found.kind, WarehouseKind::S3 { .. }) && found.table.is_none() {
        return Err(missing());
    }
    let scores = scores(said, run);
    let place = open(found)?.write(&scores)?;
    eprintln!("wrote {} scores to {place}", scores.rows.len());
    Ok(())
}

/// The raw events of a store.
pub fn events(stores: &[document::Warehouse], store: &str) -> Outcome<Vec<Box<dyn Origin>>> {
    let found = find(stores, store)?;
    let Some(events) = &found.events else {
        return Err(Failure::Usage(format!("the store `{store}` has no `Events` that could be read")));
    };
    Ok(open(found)?.events(events)?)
}

/// What an earlier run of the document left in a store.
pub fn earlier(given: &Given, store: &str, run: &str) -> Outcome<RunScores> {
    let found = find(&given.stores, store)?;
    let mut rows = Vec::new();
    for input in open(found)?.scores(&given.dataset, run)? {
        for read in input.open(&Projection::All, Mode::Studio)? {
            let Ok(read) = read else { continue };
            let row: Value = serde_json::from_str(&json_text(&read.value)).unwrap_or_default();
            if row["document"] == given.dataset.as_str() && row["run"] == run {
                rows.extend(score(&row));
            }
        }
    }
    if rows.is_empty() {
        return Err(Failure::Message(format!("the store `{store}` has no run `{run}` of `{}`", given.dataset)));
    }
    Ok(RunScores::of_rows(rows))
}

/// A normal interval of 95 % is 3.92 standard errors wide.
const WIDTH: f64 = 3.92;

fn score(row: &Value) -> Option<(String, ChannelScore)> {
    let share = row["share_high"].as_f64().zip(row["share_low"].as_f64());
    let score = ChannelScore {
        channel: row["touch_point"].as_str()?.to_owned(),
        conversions: row["conversions"].as_f64()?,
        value: row["value"].as_f64(),
        share_error: share.map(|(high, low)| (high - low) / WIDTH),
        ..ChannelScore::default()
    };
    Some((row["model"].as_str()?.to_owned(), score))
}

fn find<'s>(stores: &'s [document::Warehouse], name: &str) -> Outcome<&'s document::Warehouse> {
    stores.iter().find(|store| store.name.value == name).ok_or_else(|| {
        let known: Vec<&str> = stores.iter().map(|store| store.name.value.as_str()).collect();
        Failure::Usage(match known.is_empty() {
            true => format!("the document has no store `{name}`; define it under `Stores`"),
            false => format!("the document has no store `{name}`; there is {}", known.join(", ")),
        })
    })
}

fn open(store: &document::Warehouse) -> Outcome<Box<dyn Warehouse>> {
    let secrets = Secrets::of(&store.name.value);
    let table = store.table.clone().unwrap_or_default();
    Ok(match &store.kind {
        WarehouseKind::Postgres(place) => {
            Box::new(Postgres::connect(postgres(place, table), Flavour::Postgres, &secrets)?)
        }
        WarehouseKind::Redshift(place) => {
            Box::new(Postgres::connect(postgres(place, table), Flavour::Redshift, &secrets)?)
        }
        WarehouseKind::Snowflake(place) => {
            let place = SnowflakePlace {
                account: place.account.clone(),
                database: place.database.clone(),
                schema: place.schema.clone(),
                warehouse: place.warehouse.clone(),
                role: place.role.clone(),
                user: place.user.clone(),
                table,
            };
            Box::new(Snowflake::open(place, &secrets)?)
        }
        WarehouseKind::S3 { bucket, prefix, csv } => {
            Box::new(Lake::open(bucket, prefix, if *csv { FileKind::Csv } else { FileKind::Parquet })?)
        }
    })
}

fn postgres(place: &document::PostgresPlace, table: String) -> PostgresPlace {
    PostgresPlace {
        host: place.host.clone(),
        port: place.port,
        database: place.database.clone(),
        schema: place.schema.clone(),
        user: place.user.clone(),
        table,
    }
}

/// A row for each model that has credits and each touch point, by name.
fn scores(said: &Said<'_>, run: &str) -> Scores {
    let given = said.given;
    let conversions = given.paths.sample().totals().conversions;
    let has_costs = given.costs.iter().any(|cost| *cost != 0.0);
    let mut rows = Vec::new();
    for (asked, answer) in &said.answers {
        let Some(credit) = answer.as_ref().ok().and_then(|answer| answer.credit(conversions)) else { continue };
        let stability = said.doubts.as_ref().and_then(|doubts| doubts.of(&asked.key));
        for channel in given.paths.names.sorted() {
            let index = channel as usize;
            let value = credit.value.get(index).copied();
            let cost = given.costs.get(index).copied().filter(|_| has_costs);
            let share = stability.and_then(|stability| stability.share.get(index));
            rows.push(Score {
                model: asked.key.clone(),
                touch_point: given.paths.names.name(channel).to_owned(),
                conversions: credit.conversions[index],
                share: if conversions == 0.0 { 0.0 } else { credit.conversions[index] / conversions },
                value,
                cost,
                return_on_spend: value.zip(cost).filter(|(_, cost)| *cost > 0.0).map(|(value, cost)| value / cost),
                share_low: share.map(|share| share.low),
                share_high: share.map(|share| share.high),
            });
        }
    }
    Scores { document: given.dataset.clone(), run: run.to_owned(), rows }
}
