//! Against a PostgreSQL server: what is read is what files give, what is written is whole and the same again.

use super::server::{PASSWORD, USER, database, port, psql};
use super::{Event, document, dtc, events, json_lines, keychain};
use crate::{Place, Said};

const TABLE: &str = "SELECT * FROM growth.scores ORDER BY 1, 2, 3, 4";

fn place(database: &str, models: &str) -> Place {
    let place = Place::make();
    place.file("credit.dtc.yaml", document(&store(database), models));
    place.file("events.jsonl", json_lines(&events()));
    place
}

fn store(database: &str) -> String {
    format!(
        "{{Type: ProductML:DTC:Store:Postgres, Name: marts, Host: 127.0.0.1, Port: {}, Database: {database}, \
         Schema: growth, User: {USER}, Table: scores, Events: journeys}}",
        port()
    )
}

fn attribute(place: &Place, arguments: &[&str]) -> Said {
    let mut all = vec!["attribute", ".", "--format", "json"];
    all.extend(arguments);
    dtc(place, &[("DTC_MARTS_PASSWORD", PASSWORD)], &all)
}

fn with_events(database: &str) {
    let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
    let line = |(visitor, at, event, channel, cost, amount, is_bot): &Event| {
        let (visitor, channel) = (quoted(visitor), quoted(channel));
        format!("({visitor}, '{at}', '{event}', {channel}, {cost}, {amount}, {is_bot}, '{{\"deep\": [1, null]}}')")
    };
    // As they lie in a warehouse: in no order.
    let mut lines: Vec<String> = events().iter().map(line).collect();
    lines.reverse();
    psql(
        database,
        &format!(
            "CREATE SCHEMA growth; CREATE TABLE growth.journeys (visitor text, at timestamptz, event varchar(20), \
             channel text, cost numeric(10, 4), amount double precision, is_bot boolean, \"more\" json);
             INSERT INTO growth.journeys VALUES {};",
            lines.join(", ")
        ),
    );
}

#[test]
fn a_table_gives_what_a_file_gives() {
    let database = database();
    with_events(&database);
    let place = place(&database, "first, linear, markov");
    let (from_table, from_file) =
        (attribute(&place, &["--from", "marts"]), attribute(&place, &["--source", "events.jsonl"]));
    let (found, wanted): (serde_json::Value, serde_json::Value) = (
        serde_json::from_str(&from_table.succeeds().out).unwrap(),
        serde_json::from_str(&from_file.succeeds().out).unwrap(),
    );
    assert_eq!(found, wanted);
    assert!(found["unattributed"]["conversions"].as_i64() < found["conversions"].as_i64(), "{found}");
}

#[test]
fn the_same_run_leaves_the_same_table_and_another_run_stands_beside_it() {
    let database = database();
    psql(&database, "CREATE SCHEMA growth");
    let place = place(&database, "first, linear, participation");
    let write = |more: &[&str]| {
        let mut all = vec!["--source", "events.jsonl", "--write", "marts"];
        all.extend(more);
        let said = attribute(&place, &all);
        assert!(said.succeeds().err.contains("scores to postgres://127.0.0.1"), "{said:?}");
        psql(&database, TABLE)
    };
    let once = write(&[]);
    assert_eq!(once.lines().count(), 3 * 4);
    assert!(once.contains("channel_credit|latest|first|o'clock \\ \"mail\"|"), "{once}");
    assert_eq!(write(&[]), once);
    let sums = psql(
        &database,
        "SELECT model, round(sum(conversions)), round(sum(share)::numeric, 9) FROM growth.scores GROUP BY 1 ORDER BY 1",
    );
    let conversions = psql(&database, "SELECT sum(conversions) FROM growth.scores WHERE model = 'first'");
    let first = sums.lines().next().unwrap();
    assert_eq!(first, format!("first|{}|1.000000000", conversions.trim()), "{sums}");
    let both = write(&["--run", "march"]);
    // The same journeys: nothing changed, and chance has nothing to do with it.
    let beside = attribute(&place, &["--source", "events.jsonl", "--compare", "marts:latest"]);
    let beside: serde_json::Value = serde_json::from_str(&beside.succeeds().out).unwrap();
    let lines = beside["compared"].as_array().unwrap();
    assert!(lines.len() == 3 * 4 && lines.iter().all(|line| line["clear"] == false), "{lines:#?}");
    assert!(lines.iter().all(|line| line["before"] == line["after"]), "{lines:#?}");
    let nobody = attribute(&place, &["--source", "events.jsonl", "--compare", "marts:april"]);
    nobody.fails(1, "the store `marts` has no run `april` of `channel_credit`");
    assert_eq!(both.lines().count(), 2 * 3 * 4);
    // A model less: its rows of this run go, those of the other stay.
    let fewer = write(&["--run", "march", "--models", "first"]);
    assert_eq!(fewer.lines().count(), 3 * 4 + 4);
    assert!(fewer.starts_with(&once), "{fewer}");
}

#[test]
fn a_write_that_fails_leaves_what_there_was() {
    let database = database();
    psql(&database, "CREATE SCHEMA growth");
    let place = place(&database, "first, linear");
    let write = |models: &str| attribute(&place, &["--source", "events.jsonl", "--write", "marts", "--models", models]);
    write("first").succeeds();
    let before = psql(&database, TABLE);
    psql(
        &database,
        "CREATE FUNCTION growth.no_room() RETURNS trigger AS $$ BEGIN RAISE EXCEPTION 'no room for linear'; END $$ LANGUAGE plpgsql;
         CREATE TRIGGER no_room BEFORE INSERT ON growth.scores FOR EACH ROW WHEN (NEW.model = 'linear') EXECUTE FUNCTION growth.no_room();",
    );
    write("first,linear").fails(1, "no room for linear");
    assert_eq!(psql(&database, TABLE), before);
}

#[test]
fn writers_at_the_same_time_leave_one_run() {
    let database = database();
    psql(&database, "CREATE SCHEMA growth");
    let place = place(&database, "first, linear");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| attribute(&place, &["--source", "events.jsonl", "--write", "marts"]).succeeds().code);
        }
    });
    assert_eq!(psql(&database, TABLE).lines().count(), 2 * 4);
}

#[test]
fn who_may_not_is_told_why() {
    let database = database();
    let place = place(&database, "first");
    let with = |settings: &[(&str, &str)], more: &[&str]| {
        let mut all = vec!["attribute", ".", "--source", "events.jsonl"];
        all.extend(more);
        dtc(&place, settings, &all)
    };
    let right = [("DTC_MARTS_PASSWORD", PASSWORD)];
    with(&[], &["--write", "marts"]).fails(1, "the server wants a password for `studio`; set DTC_MARTS_PASSWORD");
    with(&[("PGPASSWORD", "wrong")], &["--write", "marts"]).fails(1, "check the user, and the password");
    with(&right, &["--write", "marts"]).fails(1, "check the name of the schema");
    with(&right, &["--write", "elsewhere"]).fails(2, "no store `elsewhere`; there is marts");
    psql(&database, "CREATE SCHEMA growth; CREATE TABLE growth.scores (document text, other integer)");
    with(&right, &["--write", "marts"]).fails(1, "a table of another shape has this name");
    assert_eq!(psql(&database, "SELECT count(*) FROM growth.scores").trim(), "0");
    let from = |settings: &[(&str, &str)]| dtc(&place, settings, &["attribute", ".", "--from", "marts"]);
    from(&right).fails(1, "check the name of the table and the schema");
    psql(&database, "CREATE TABLE growth.journeys (who text, what text)");
    from(&right).fails(1, "the table has none of the columns that the document reads");
}

#[test]
fn the_keychain_knows_the_password() {
    let database = database();
    psql(&database, "CREATE SCHEMA growth");
    let place = place(&database, "first");
    let arguments = ["attribute", ".", "--source", "events.jsonl", "--write", "marts"];
    let told = |secret: &str| dtc(&place, &[("PATH", &keychain(&place, secret))], &arguments);
    told("not it").fails(1, "check the user, and the password");
    // A single quote ends the script's text.
    told(&PASSWORD.replace('\'', "'\\''")).succeeds();
    assert_eq!(psql(&database, TABLE).lines().count(), 4);
}
