//! Against S3 by moto: a file a run, put in one step.

use super::{document, events, json_lines};
use crate::remote::dtc;
use crate::{Place, Said, moto};

fn place(bucket: &str, format: &str) -> Place {
    let place = Place::make();
    let store = format!(
        "{{Type: ProductML:DTC:Store:S3, Name: marts, Bucket: {bucket}, Prefix: marts/credit, Format: {format}, Events: raw/visits}}"
    );
    place.file("credit.dtc.yaml", document(&store, "first, linear"));
    place.file("events.jsonl", json_lines(&events()));
    place
}

fn attribute(place: &Place, port: u16, arguments: &[&str]) -> Said {
    let mut command = dtc(place, port);
    command.args(["attribute", ".", "--format", "json"]).args(arguments);
    Said::from(command.output().unwrap())
}

#[test]
fn scores_are_a_file_and_events_are_objects() {
    let (port, bucket) = (moto::shared().unwrap(), moto::fresh_name("lake"));
    moto::create_bucket(port, &bucket).unwrap();
    let place = place(&bucket, "csv");
    let send =
        |method: &str, key: &str, body: &str| moto::send(port, method, &format!("/{bucket}/{key}"), "s3", "", body);
    send("PUT", "raw/visits/1.jsonl", &json_lines(&events())).unwrap();
    let from_files = attribute(&place, port, &["--source", "events.jsonl"]);
    let from_lake = attribute(&place, port, &["--from", "marts", "--write", "marts"]);
    assert_eq!(from_lake.succeeds().out, from_files.succeeds().out);
    let key = "marts/credit/document%3Dchannel_credit/run%3Dlatest/scores.csv";
    let once = send("GET", key, "").unwrap();
    assert_eq!(once.lines().count(), 1 + 2 * 4, "{once}");
    assert!(once.starts_with("document,run,model,touch_point,conversions,share,"), "{once}");
    attribute(&place, port, &["--from", "marts", "--write", "marts"]).succeeds();
    assert_eq!(send("GET", key, "").unwrap(), once);
    let listed = send("GET", "?list-type=2&prefix=marts/", "").unwrap();
    assert_eq!(listed.matches("<Key>").count(), 1, "{listed}");
}

#[test]
fn parquet_that_is_read_again() {
    let (port, bucket) = (moto::shared().unwrap(), moto::fresh_name("lake"));
    moto::create_bucket(port, &bucket).unwrap();
    let place = place(&bucket, "parquet");
    let said = attribute(&place, port, &["--source", "events.jsonl", "--write", "marts", "--run", "2025 April"]);
    let address = format!("s3://{bucket}/marts/credit/document=channel_credit/run=2025%20April/scores.parquet");
    assert!(said.succeeds().err.contains(&address), "{said:?}");
    // As anybody would: a document over the scores.
    place.file(
        "again/again.dtc.yaml",
        "Type: ProductML:DTC:Attribution\nVersion: '2018-03-01'\nName: again\nIdentity: source.run + source.model\n\
         Time: parse_time('2025-04-01')\nTouch: {Value: source.touch_point, Cost: source.conversions}\n\
         Conversion: {When: source.model == 'first', Value: source.conversions}\nModels: [first]\nDoubt: {Replicates: 0, Splits: 0}\n",
    );
    let mut command = dtc(&place, port);
    let arguments = ["attribute", "--document", "again/again.dtc.yaml", "--source", &address, "--format", "json"];
    let again = Said::from(command.args(arguments).output().unwrap());
    let again: serde_json::Value = serde_json::from_str(&again.succeeds().out).unwrap();
    // One journey for the touch points of each model; those of `first` convert, at their first row.
    assert_eq!((&again["journeys"], &again["channels"]), (&2.into(), &4.into()), "{again}");
    assert!(again["value"].as_f64().unwrap() > 0.0, "{again}");
}

#[test]
fn a_bucket_that_is_not_there() {
    let place = place("no-such-bucket-here", "parquet");
    let said = attribute(&place, moto::shared().unwrap(), &["--source", "events.jsonl", "--write", "marts"]);
    said.fails(1, "there is no bucket `no-such-bucket-here`");
}
