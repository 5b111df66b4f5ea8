//! Against Snowflake's SQL API over fakesnow.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::{Event, document, dtc, events, json_lines};
use crate::{Place, Said, moto};

/// Ended by closing its input.
struct Api {
    child: Child,
    port: u16,
    url: String,
}

impl Drop for Api {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// The Python that has fakesnow: that of `cargo xtask setup`.
fn python() -> PathBuf {
    let beside = || Some(PathBuf::from(std::env::var_os("DTC_CFN_LINT")?).parent()?.join("python"));
    std::env::var_os("DTC_FAKESNOW_PYTHON").map(PathBuf::from).or_else(beside).unwrap_or_else(|| "python3".into())
}

fn start(place: &Place) -> Api {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/warehouse/snowflake_api.py");
    let mut command = Command::new(python());
    command.arg(script).arg(place.path()).arg("MYORG-ACCOUNT1.STUDIO");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut port = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
    let port: u16 = port.trim().parse().expect("fakesnow is not there; `cargo xtask setup` installs it");
    Api { child, port, url: format!("http://127.0.0.1:{port}") }
}

const STORE: &str = "{Type: ProductML:DTC:Store:Snowflake, Name: marts, Account: myorg-account1, Database: marts, \
                     Schema: growth, Warehouse: small, Role: studio, User: studio, Table: scores, Events: journeys}";

fn place() -> Place {
    let place = Place::make();
    place.file("credit.dtc.yaml", document(STORE, "first, linear, markov"));
    place.file("events.jsonl", json_lines(&events()));
    place
}

fn attribute(place: &Place, api: &Api, key: &str, arguments: &[&str]) -> Said {
    let mut all = vec!["attribute", ".", "--format", "json"];
    all.extend(arguments);
    dtc(place, &[("DTC_MARTS_URL", &api.url), ("DTC_MARTS_PRIVATE_KEY_FILE", key)], &all)
}

/// Runs statements as a user of the API would, with a token.
fn sql(api: &Api, statement: &str, statements: usize) -> serde_json::Value {
    let body = serde_json::json!({
        "statement": statement, "database": "marts", "schema": "growth",
        "parameters": {"MULTI_STATEMENT_COUNT": statements.to_string()},
    });
    loop {
        let door = "Authorization: Bearer a-good-token\r\n";
        let said = moto::send(api.port, "POST", "/api/v2/statements", "", door, &body.to_string()).unwrap();
        let answer: serde_json::Value = serde_json::from_str(&said).unwrap();
        // What was said to take long is asked again: these statements may run twice.
        if answer["code"] != "333334" {
            return answer;
        }
    }
}

fn with_events(api: &Api) {
    let quoted = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "''"));
    let line = |(visitor, at, event, channel, cost, amount, is_bot): &Event| {
        let (visitor, at, channel) = (quoted(visitor), at.replace('T', " ").replace('Z', ""), quoted(channel));
        format!("({visitor}, '{at}', '{event}', {channel}, {cost}, {amount}, {is_bot})")
    };
    let mut lines: Vec<String> = events().iter().map(line).collect();
    lines.reverse();
    let statement = format!(
        "CREATE OR REPLACE TABLE journeys (visitor VARCHAR, \"AT\" TIMESTAMP_NTZ, event VARCHAR, channel VARCHAR, \
         cost NUMBER(10, 4), amount FLOAT, is_bot BOOLEAN); INSERT INTO journeys VALUES {}",
        lines.join(", ")
    );
    let answer = sql(api, &statement, 2);
    assert_eq!(answer["code"], "090001", "{answer}");
}

fn table(api: &Api) -> serde_json::Value {
    let answer = sql(api, "SELECT * FROM scores ORDER BY 1, 2, 3, 4", 1);
    assert!(answer["data"].is_array(), "{answer}");
    answer["data"].clone()
}

#[test]
fn a_table_gives_what_a_file_gives() {
    let place = place();
    let api = start(&place);
    with_events(&api);
    let read = |arguments: &[&str]| -> serde_json::Value {
        serde_json::from_str(&attribute(&place, &api, "key.pem", arguments).succeeds().out).unwrap()
    };
    assert_eq!(read(&["--from", "marts"]), read(&["--source", "events.jsonl"]));
}

#[test]
fn the_same_run_leaves_the_same_table() {
    let place = place();
    let api = start(&place);
    let write = |more: &[&str]| {
        let mut all = vec!["--source", "events.jsonl", "--write", "marts"];
        all.extend(more);
        attribute(&place, &api, "key.pem", &all)
    };
    write(&[]).succeeds();
    let once = table(&api);
    assert_eq!(once.as_array().unwrap().len(), 3 * 4);
    assert_eq!(once[1][3], "o'clock \\ \"mail\"");
    write(&[]).succeeds();
    assert_eq!(table(&api), once);
    write(&["--run", "march"]).succeeds();
    assert_eq!(table(&api).as_array().unwrap().len(), 2 * 3 * 4);
    // The numbers are those that are printed.
    let said: serde_json::Value = serde_json::from_str(&write(&[]).succeeds().out).unwrap();
    let written: f64 = once[0][4].as_str().unwrap().parse().unwrap();
    assert_eq!(Some(written), said["first/conv"]["direct"].as_f64(), "{once}");
}

#[test]
fn a_write_that_fails_leaves_what_there_was() {
    let place = place();
    let api = start(&place);
    let answer = sql(&api, "CREATE OR REPLACE TABLE scores (document VARCHAR, run VARCHAR, note VARCHAR)", 1);
    assert_eq!(answer["code"], "090001", "{answer}");
    sql(&api, "DELETE FROM scores; INSERT INTO scores VALUES ('channel_credit', 'latest', 'kept')", 2);
    let said = attribute(&place, &api, "key.pem", &["--source", "events.jsonl", "--write", "marts"]);
    assert_eq!(said.code, 1, "{said:?}");
    assert!(said.err.contains("snowflake://myorg-account1/marts/growth"), "{said:?}");
    let kept = sql(&api, "SELECT * FROM scores", 1);
    assert_eq!(kept["data"], serde_json::json!([["channel_credit", "latest", "kept"]]), "{kept}");
}

#[test]
fn keys_that_do_not_fit_are_told() {
    let place = place();
    let api = start(&place);
    let write = |key: &str| attribute(&place, &api, key, &["--source", "events.jsonl", "--write", "marts"]);
    write("other.pem").fails(1, "SET RSA_PUBLIC_KEY");
    write("locked.pem").fails(1, "the private key is encrypted; take the passphrase off");
    write("events.jsonl").fails(1, "the private key cannot be read");
    write("nowhere.pem").fails(1, "the key's file nowhere.pem cannot be read");
    let arguments = ["attribute", ".", "--source", "events.jsonl", "--write", "marts"];
    let url = ("DTC_MARTS_URL", api.url.as_str());
    dtc(&place, &[url, ("PATH", "")], &arguments)
        .fails(1, "there is neither a key nor a token; set DTC_MARTS_PRIVATE_KEY_FILE");
    dtc(&place, &[url, ("SNOWFLAKE_TOKEN", "a-good-token")], &arguments).succeeds();
    let open = ("DTC_MARTS_URL", "http://snowflake.example.com");
    dtc(&place, &[open, ("SNOWFLAKE_TOKEN", "t")], &arguments).fails(1, "would carry the token in the open");
}
