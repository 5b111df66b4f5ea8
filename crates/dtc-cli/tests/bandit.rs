//! `dtc bandit`: the shapes it prints, and what it says to bad input.

use std::path::Path;

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

const LOG: &str = "key,time,action,probability,reward,level\n\
                   k1,2026-01-01T00:00:00Z,a,0.5,1,1\nk2,2026-01-01T00:00:01Z,b,0.5,0,5\nk3,x,b,0.5,0,5\n";

#[test]
fn a_log_is_evaluated_and_reported() {
    let place = Place::make();
    place.file(
        "log.csv",
        LOG.to_owned() + &"k,2026-01-01T00:01:00Z,a,0.5,1,3\nk,2026-01-01T00:01:00Z,b,0.5,0,3\n".repeat(100),
    );
    let arguments = [
        "bandit",
        "evaluate",
        "--log",
        "log.csv",
        "--policy",
        "constant:a",
        "--policy",
        "sure=expression:'a' if context.level < 4 else 'b'",
        "--format",
        "json",
        "--report",
        "r.html",
        "--figures",
        "f",
    ];
    let said = place.dtc(&arguments);
    let found: Value = serde_json::from_str(&said.out).unwrap_or_else(|_| panic!("{said:#?}"));
    assert_eq!((&found["log"]["decisions"], &found["log"]["unusable"]), (&json!(202), &json!(1)));
    assert!(said.err.contains("log.csv:4: `time` is \"x\", which is no time"), "{said:#?}");
    assert_eq!(found["policies"][0]["name"], json!("always a"));
    for policy in [0, 1] {
        let value = found["policies"][policy]["estimates"]["snipw"].as_f64().unwrap();
        assert!(value > 0.98, "a brings 1: {value}");
        assert!(found["policies"][policy]["curve"]["ipw"].as_array().is_some_and(|points| points.len() > 1));
    }
    let report = std::fs::read_to_string(place.path().join("r.html")).unwrap();
    assert!(report.contains("<svg") && report.contains("always a") && !report.contains("http://localhost"));
    for ending in ["svg", "csv", "png"] {
        let file = std::fs::read(place.path().join(format!("f/cumulative.{ending}"))).unwrap();
        assert!(ending != "png" || file.starts_with(b"\x89PNG"), "{ending}");
    }
    let lines = place.dtc(&["bandit", "convert", "--log", "log.csv"]).out;
    assert_eq!(lines.lines().count(), 202);
    place.file("log.dsjson", lines);
    let again = place.dtc(&["bandit", "evaluate", "--log", "log.dsjson", "--policy", "constant:a", "--format", "json"]);
    let again: Value = serde_json::from_str(&again.out).unwrap();
    assert_eq!(again["policies"][0]["estimates"]["ipw"], found["policies"][0]["estimates"]["ipw"]);
}

#[test]
fn what_a_log_or_a_policy_lacks_is_told() {
    let place = Place::make();
    place.file("log.csv", LOG);
    place.file("none.csv", "a,b\n1,2\n");
    let evaluate = |more: &[&str]| place.dtc(&[&["bandit", "evaluate"], more].concat());
    evaluate(&["--log", "log.csv", "--policy", "magic"]).fails(2, "there is no policy `magic`; policies are logged");
    evaluate(&["--log", "log.csv", "--policy", "constant:z"]).fails(1, "the log has no action `z`; it has a, b");
    evaluate(&["--log", "log.csv", "--policy", "uniform", "--policy", "uniform"]).fails(2, "two policies are called");
    evaluate(&["--log", "none.csv"]).fails(1, "none.csv:2: no column holds the probability; there are a, b");
    evaluate(&["--log", "log.csv", "--column", "x"]).fails(2, "--column is `x`; write it as action=NAME");
}

/// Decisions of a day in March, an hour apart from each other, of which `a` brings 1 and `b` nothing.
fn day(day: u32, dropped: &str) -> String {
    let line = |hour: u32| {
        let (id, other, cost) = if hour.is_multiple_of(3) { (1, 2, -1) } else { (2, 1, 0) };
        let p = if id == 1 { 0.25 } else { 0.75 };
        format!(
            r#"{{"_label_cost":{cost},"_label_probability":{p},"_label_Action":{id},"_labelIndex":{},"EventId":"{day}-{hour}","Timestamp":"2026-03-{day:02}T{hour:02}:00:00Z","a":[{id},{other}],"p":[{p},{}],"c":{{}},"pdrop":{dropped}}}"#,
            id - 1,
            1.0 - p,
        ) + "\n"
    };
    (0..24).map(line).collect()
}

#[test]
fn kept_bins_of_two_logs_answer_like_both_logs() {
    let place = Place::make();
    place.file("one.dsjson", day(1, "0"));
    place.file("two.dsjson", day(2, "0.5"));
    let evaluate = |more: &[&str]| {
        let start = ["bandit", "evaluate", "--format", "json"];
        place.dtc(&[&start, more].concat())
    };
    let of_log =
        ["--policy", "constant:1", "--policy", "uniform", "--estimators", "ipw,snipw,ipw_clip2,cressieread,rm"];
    for (log, bins) in [("one.dsjson", "one.bins"), ("two.dsjson", "two.bins")] {
        evaluate(&[&of_log[..], &["--log", log, "--keep", bins, "--bin", "3600"]].concat());
    }
    let whole = evaluate(&[&of_log[..], &["--log", "one.dsjson", "two.dsjson", "--bin", "3600"]].concat());
    let merged = evaluate(&["--bins", "one.bins", "two.bins", "--report", "r.html", "--figures", "f"]);
    let (whole, found) = (whole.json(), merged.json());
    for policy in [0, 1] {
        let (whole, found) = (&whole["policies"][policy], &found["policies"][policy]);
        assert_eq!(whole["name"], found["name"]);
        let names = ["ipw", "snipw", "ipw_clip2", "cressieread"];
        for name in names {
            near(&found["estimates"][name], &whole["estimates"][name]);
        }
        near(&found["ci"]["snipw_normal95"][0], &whole["ci"]["snipw_normal95"][0]);
        near(&found["diagnostics"]["ess"], &whole["diagnostics"]["ess"]);
        assert_eq!(found["diagnostics"]["n"], json!(48));
        let points = |one: &Value| one["curve"]["snipw"].as_array().unwrap().len();
        assert_eq!((points(found), points(whole)), (48, 48));
    }
    assert!(std::fs::read_to_string(place.path().join("r.html")).unwrap().contains("always 1"));
    assert!(place.path().join("f/cumulative.png").exists());
    let fails = |more: &[&str], code: i32, message: &str| evaluate(more).fails(code, message);
    fails(&["--bins", "one.bins", "one.bins"], 1, "one.bins: the log ");
    fails(
        &["--bins", "one.bins", "--policy", "uniform"],
        2,
        "--policy is for logs; bins answer what they were made for",
    );
    fails(&["--bins", "one.dsjson"], 1, "one.dsjson: ");
    fails(&["--bins", "none.bins"], 1, "none.bins: no such file or folder");
    fails(&["--log", "one.dsjson", "--bin", "0"], 2, "--bin is 0; it is a number of seconds above 0");
    place.file("log.csv", "action,probability,reward\na,0.5,1\n");
    fails(&["--log", "log.csv", "--keep", "x.bins"], 1, "some decision of the log has no time");
}

fn near(found: &Value, wanted: &Value) {
    let (found, wanted) = (found.as_f64().unwrap(), wanted.as_f64().unwrap());
    assert!((found - wanted).abs() < 1e-9, "{found} is not {wanted}");
}

/// The case of tests/suite/bandit-logs in every way that takes a document.
#[test]
fn a_document_reads_raw_events_and_says_the_policies() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/suite/bandit-logs");
    let expected: Value = serde_json::from_str(&std::fs::read_to_string(cases.join("expected.json")).unwrap()).unwrap();
    let document = cases.join("join.dtc.yaml").display().to_string();
    let place = Place::make();
    for log in ["raw.jsonl", "events.csv", "records.jsonl"] {
        let file = cases.join(log).display().to_string();
        let said = place.dtc(&["bandit", "evaluate", &document, "--log", &file, "--format", "json"]);
        let found = said.json();
        assert_eq!(found["log"]["decisions"], expected["decisions"], "{log}: {said:#?}");
        let wanted = expected["policies"].as_object().unwrap();
        assert_eq!(found["policies"].as_array().unwrap().len(), wanted.len());
        for (name, values) in wanted {
            let policy = found["policies"].as_array().unwrap().iter().find(|one| one["name"] == json!(name)).unwrap();
            for estimator in ["ipw", "snipw", "ipw_clip2"] {
                near(&policy["estimates"][estimator], &values[estimator]);
            }
        }
        assert_eq!(
            found["windows"].as_array().unwrap().is_empty(),
            log == "records.jsonl",
            "joined logs have no windows"
        );
    }
    let raw = cases.join("raw.jsonl").display().to_string();
    let converted = place.dtc(&["bandit", "convert", &document, "--log", &raw]);
    assert_eq!(converted.succeeds().out.lines().count(), 64);
    let records = cases.join("records.jsonl").display().to_string();
    let evaluate = |more: &[&str]| place.dtc(&[&["bandit", "evaluate"], more].concat());
    evaluate(&[&document, "--log", &raw, &records]).fails(2, "raw.jsonl holds raw events where others hold decisions");
    evaluate(&[&document, "--log", &raw, "--window", "5"]).fails(2, "says the window; change it there");
    evaluate(&[&document, "--log", &raw, "--policy", "chance=uniform"]).fails(2, "two policies are called `chance`");
    evaluate(&[&document, "--log", &raw, "--policy", "other=constant:none"]).succeeds();
    let text = std::fs::read_to_string(&document).unwrap();
    let blind = text.split("Policies:").next().unwrap().replace("  Probability: source.p\n", "");
    let functions = std::fs::read_to_string(cases.join("functions/policy.rhai")).unwrap();
    place.file("functions/policy.rhai", functions);
    place.file("blind.dtc.yaml", blind);
    evaluate(&["blind.dtc.yaml", "--log", &raw]).fails(1, "say under Decision with which Probability");
    place.file("lost.dtc.yaml", text.replace("File: policy.csv", "File: nowhere.csv"));
    evaluate(&["lost.dtc.yaml", "--log", &raw]).fails(1, "lost.dtc.yaml: policy of_file: ");
    place.file("streaming.dtc.yaml", crate::STREAMING);
    evaluate(&["streaming.dtc.yaml", "--log", &raw]).fails(2, "is not a join document");
}
