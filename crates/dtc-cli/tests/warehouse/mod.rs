//! `dtc attribute --write` and `--from`: a real PostgreSQL server, Snowflake's SQL API over fakesnow, S3 by moto.

mod encrypted;
mod lake;
mod postgres;
mod server;
mod snowflake;

use std::path::Path;
use std::process::Command;

use crate::{Place, Said};

/// A document with this store, called `marts`.
pub fn document(store: &str, models: &str) -> String {
    format!(
        "Type: ProductML:DTC:Attribution
Version: '2018-03-01'
Name: channel_credit
Identity: source.visitor
Time: parse_time(source.at)
Touch:
  When: source.event == 'visit' and not source.is_bot
  Value: source.channel
  Cost: source.cost
Conversion:
  When: source.event == 'order'
  Value: source.amount
Models: [{models}]
Doubt: {{Replicates: 20, Splits: 0}}
Stores:
  - {store}
"
    )
}

/// An event: visitor, time, event, channel, cost, amount, whether a program made it.
pub type Event = (String, String, &'static str, &'static str, f64, f64, bool);

/// Made up, with texts that must stay texts.
pub fn events() -> Vec<Event> {
    let channels = ["search", "o'clock \\ \"mail\"", "direct", "video"];
    let mut events = Vec::new();
    for visitor in 0..130_usize {
        let name = format!("v{visitor:03}");
        for step in 0..1 + visitor % 4 {
            let at = format!("2025-04-{:02}T{:02}:00:00.25Z", 1 + step * 3, 8 + visitor % 12);
            let channel = channels[(visitor * 7 + step * 3) % 4];
            events.push((name.clone(), at, "visit", channel, (step as f64) / 4.0, 0.0, visitor % 17 == 3));
        }
        if visitor % 3 == 0 {
            let amount = 10.0 + visitor as f64 / 8.0;
            events.push((name, "2025-04-20T12:00:00Z".to_owned(), "order", "", 0.0, amount, false));
        }
    }
    events
}

pub fn json_lines(events: &[Event]) -> String {
    let line = |(visitor, at, event, channel, cost, amount, is_bot): &Event| {
        let object = serde_json::json!({
            "visitor": visitor, "at": at, "event": event, "channel": channel, "cost": cost, "amount": amount, "is_bot": is_bot,
        });
        format!("{object}\n")
    };
    events.iter().map(line).collect()
}

/// The program without anything that the person at this machine has set.
pub fn dtc(place: &Place, settings: &[(&str, &str)], arguments: &[&str]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dtc"));
    command.args(arguments).current_dir(place.path()).env("NO_COLOR", "1").env("HOME", place.path());
    for name in ["PGPASSWORD", "PGUSER", "PGHOST", "PGPORT", "PGDATABASE", "SNOWFLAKE_TOKEN"] {
        command.env_remove(name);
    }
    command.envs(settings.iter().copied());
    Said::from(command.output().unwrap())
}

/// A program that stands for the keychain's, in a folder for `PATH`.
pub fn keychain(place: &Place, secret: &str) -> String {
    use std::os::unix::fs::PermissionsExt;
    let script =
        format!("#!/bin/sh\n[ \"$*\" = 'lookup service dtc-studio account marts' ] || exit 1\nprintf %s '{secret}'\n");
    let path = place.file("keychain/secret-tool", script);
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    let folder = path.parent().map(Path::display).map(|folder| folder.to_string()).unwrap_or_default();
    format!("{folder}:{}", std::env::var("PATH").unwrap_or_default())
}
