//! `dtc bandit`: the shapes it prints, and what it says to bad input.

use serde_json::{Value, json};

use crate::Place;

const ROWS: &str = "reward,pscore,pi_e,q_logged,q_pi\n1,0.5,1,0.5,0.75\n0,0.5,0,0.5,0.75\n1,0.25,0.5,0.5,0.25\n";

#[test]
fn estimates_stand_under_their_names() {
    let place = Place::make();
    place.file("rows.csv", ROWS);
    let said = place.dtc(&["bandit", "evaluate", "--format", "json", "--rows", "rows.csv"]);
    let found: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(said.code, 0, "{said:#?}");
    // Weights 2, 0, 2: the mean of w r is 4/3, normalised 1.
    assert_eq!(found["estimates"]["ipw"], json!(4.0 / 3.0));
    assert_eq!(found["estimates"]["snipw"], json!(1.0));
    assert_eq!(found["diagnostics"]["n"], json!(3));
    assert_eq!(found["diagnostics"]["ess"], json!(2.0));
    assert!(found["ci"]["dr_bootstrap95_1000"][0].is_number(), "{found}");
    assert!(found["unavailable"]["mrdr"].as_str().unwrap().contains("model"), "{found}");
    let few = place.dtc(&["bandit", "evaluate", "--estimators", "dr-os_3,ipw", "--rows", "rows.csv"]);
    assert!(few.out.starts_with("dr-os_3"), "{few:#?}");
}

#[test]
fn an_answer_of_one_row_is_refused() {
    let place = Place::make();
    let mut text = "reward,pscore,pi_e\n1,0.0001,0.9\n".to_owned();
    (0..999).for_each(|_| text.push_str("0,0.9,0.01\n"));
    place.file("rows.csv", text);
    let said = place.dtc(&["bandit", "evaluate", "--format", "json", "--rows", "rows.csv"]);
    assert_eq!(said.code, 1);
    let found: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!((found["estimates"].clone(), found["ci"].clone()), (json!({}), json!({})));
    assert!(found["refused"][0].as_str().unwrap().contains("as 1.0 rows would"), "{found}");
    assert!(said.err.contains("error: The log tells as much"), "{said:#?}");
}

#[test]
fn bad_rows_are_told_with_line_and_cure() {
    let place = Place::make();
    let cases = [
        ("reward,pscore\n", "rows.csv:1: there is no column `pi_e`"),
        ("reward,pscore,pi_e\n1,0,1\n", "rows.csv:2: `pscore` is 0; a logged action had a probability above 0"),
        ("reward,pscore,pi_e\n1,0.5,1\n1,0.5,1.5\n", "rows.csv:3: `pi_e` is 1.5"),
        ("reward,pscore,pi_e\nx,0.5,1\n", "rows.csv:2: `reward` is `x`, which is no finite number"),
        ("reward,pscore,pi_e\n1,0.5\n", "rows.csv:2: the row has 2 cells where the header names 3"),
        ("reward,pscore,pi_e\n", "has no rows below its header"),
        ("reward,pscore,pi_e,q_pi\n1,0.5,1,1\n", "rows.csv:1: there is no column `q_logged`"),
    ];
    for (text, message) in cases {
        place.file("rows.csv", text);
        place.dtc(&["bandit", "evaluate", "--rows", "rows.csv"]).fails(1, message);
    }
    let wrong = |more: &[&str], message: &str| {
        let arguments = [&["bandit", "evaluate", "--rows", "rows.csv"], more].concat();
        place.dtc(&arguments).fails(2, message);
    };
    wrong(&["--estimators", "magic"], "there is no estimator `magic`");
    wrong(&["--level", "95"], "--level is 95; it is a probability such as 0.95");
    wrong(&["--reward-range", "1"], "--reward-range takes two numbers");
    place
        .dtc(&["bandit", "evaluate", "--rows", "none.csv"])
        .fails(1, "none.csv: no such file or folder; check the spelling");
}

#[test]
fn a_join_prints_its_records_and_counters() {
    let place = Place::make();
    let text = "seq,kind,key,ts_ms,reward,action,probability,context\n\
                7,decision,k,1000,,A,0.50,{}\n8,reward,k,2000,1.5,,,\n9,reward,nobody,2000,1,,,\n";
    place.file("events.csv", text);
    let said = place.dtc(&["bandit", "join", "--semantics", "ms_loop", "--events", "events.csv"]);
    let found: Value = serde_json::from_str(&said.out).unwrap();
    let record = json!({"key": "k", "decision_seq": 7, "emit_ts": 11000, "action": "A", "probability": "0.50",
                        "reward": 1.5, "reward_delta_ms": 1000});
    assert_eq!(found["ms_loop"], json!([record]));
    assert_eq!(found["counters"]["rewards_without_any_decision"], json!(1));
    place.file("events.csv", text.replace("8,reward", "8,prize"));
    place.dtc(&["bandit", "join", "--events", "events.csv"]).fails(1, "events.csv:3: `kind` is `prize`");
    place.dtc(&["bandit", "join", "--events", "events.csv", "--semantics", "x"]).fails(2, "take seed_spec, demo_v1");
}
