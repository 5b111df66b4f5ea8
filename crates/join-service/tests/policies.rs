//! What policies are worth, told while records leave: each record counts once, whatever kills the service in between.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use join_service::{Joined, Options, Policies, PolicyName, Said, Service, serve};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::{Running, ask, folder, records, until};

/// The logged one, one that always takes `a`, one by the number of actions, and one that says nothing of some.
fn policies() -> Policies {
    let name = |name: &str| PolicyName { name: name.to_owned(), is_logged: name == "logged" };
    let judge = |joined: &Joined<'_>| {
        let takes_a = f64::from(u8::from(joined.actions[joined.action] == "a"));
        let all = joined.actions.len() as f64;
        let silent = joined.fields["context"] == 3;
        vec![
            Ok(Said::Logged),
            Ok(Said::OfAll { of_logged: takes_a, sum: 1.0 }),
            Ok(Said::OfAll { of_logged: 1.0 / all, sum: 1.0 }),
            if silent { Err("of threes it knows nothing".to_owned()) } else { Ok(Said::OfLogged(0.5)) },
        ]
    };
    let names = ["logged", "always a", "even", "silent \"3\""].map(name).to_vec();
    Policies { names, fingerprint: "test".to_owned(), judge: Arc::new(judge) }
}

fn start(runtime: &Runtime, data: &Path, policies: Policies) -> (Service, String) {
    let mut options = Options::new(data.to_path_buf(), "127.0.0.1:0");
    options.rule.window_ms = 500;
    options.limits.file = 5_000;
    options.policies = Some(policies);
    let service = runtime.block_on(serve(options)).unwrap();
    let address = service.address.to_string();
    (service, address)
}

fn told(address: &str) -> Value {
    serde_json::from_str(&ask(address, "GET", "/policies", "").unwrap().1).unwrap()
}

/// Decisions of two actions with probabilities that are true, the second worth more; some rewards.
fn say(address: &str, name: &str, decisions: u32) {
    for number in 0..decisions {
        let (action, probability) = if number % 4 == 0 { ("b", 0.25) } else { ("a", 0.75) };
        let decision = format!(
            r#"{{"key":"{name}{number}","action":"{action}","probability":{probability},"context":{}}}"#,
            number % 7
        );
        assert_eq!(ask(address, "POST", "/log_decision", &decision).unwrap().0, 200);
        if number % 4 == 0 || number % 3 == 0 {
            let reward = format!(r#"{{"key":"{name}{number}","reward":1}}"#);
            assert_eq!(ask(address, "POST", "/log_reward", &reward).unwrap().0, 200);
        }
    }
}

/// From the records, as plainly as it can be said: value by SNIPS, value by IPS, effective number.
fn plainly(records: &[Value], weight: impl Fn(&Value) -> f64) -> (f64, f64, f64) {
    let (mut w, mut w2, mut wr) = (0.0, 0.0, 0.0);
    for record in records {
        let weight = weight(record);
        w += weight;
        w2 += weight * weight;
        wr += weight * record["reward"].as_f64().unwrap();
    }
    (wr / w, wr / records.len() as f64, w * w / w2)
}

#[track_caller]
fn near(found: &Value, wanted: f64) {
    let found = found.as_f64().unwrap_or(f64::NAN);
    assert!((found - wanted).abs() <= 1e-9 * wanted.abs().max(1.0), "{found} for {wanted}");
}

#[test]
fn values_are_those_of_the_records_and_stay_through_a_restart() {
    let data = folder();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    for (round, wanted) in [("x", 120), ("y", 240)] {
        let (service, address) = start(&runtime, data.path(), policies());
        say(&address, round, 120);
        until("all were judged", || told(&address)["records"] == wanted);
        let (told, found) = (told(&address), records(data.path()));
        assert_eq!(found.len(), wanted);
        let by_name: HashMap<&str, &Value> =
            told["policies"].as_array().unwrap().iter().map(|one| (one["name"].as_str().unwrap(), one)).collect();
        let p = |record: &Value| record["probability"].as_f64().unwrap();
        let always = |record: &Value| if record["action"] == "a" { 1.0 / p(record) } else { 0.0 };
        for (name, (snips, ips, effective)) in [
            ("logged", plainly(&found, |_| 1.0)),
            ("always a", plainly(&found, always)),
            ("even", plainly(&found, |record| 0.5 / p(record))),
        ] {
            let one = by_name[name];
            near(&one["snipw"][0], snips);
            near(&one["ipw"][0], ips);
            near(&one["effective"], effective);
            assert!(one["snipw"][1].as_f64().unwrap() < snips && one["snipw"][2].as_f64().unwrap() > snips, "{one}");
            let curve = one["so_far"].as_array().unwrap();
            assert_eq!(curve.len(), told["ends"].as_array().unwrap().len());
            near(&curve.last().unwrap()[0], snips);
        }
        let silent = by_name["silent \"3\""];
        assert_eq!((&silent["verdict"], &silent["snipw"]), (&"refused".into(), &Value::Null), "{silent}");
        assert!(silent["reasons"][0].as_str().unwrap().contains("of threes it knows nothing"), "{silent}");
        let metrics = ask(&address, "GET", "/metrics", "").unwrap().1;
        let logged =
            metrics.lines().find(|line| line.starts_with("join_policy_value{policy=\"logged\",estimator=\"snipw\"}"));
        near(&logged.unwrap().rsplit_once(' ').unwrap().1.parse::<f64>().unwrap().into(), plainly(&found, |_| 1.0).0);
        assert!(metrics.contains("join_policy_refused{policy=\"silent \\\"3\\\"\"} 1"), "{metrics}");
        // Sums are on disk when the next second is over; what was not is read again.
        let kept = data.path().join("policies.json");
        until("sums are kept", || kept.exists());
        runtime.block_on(service.shutdown()).unwrap();
    }
    // Other policies begin anew with the records that are there.
    let (_service, address) = start(&runtime, data.path(), Policies::logged());
    until("all were judged", || told(&address)["records"] == 240);
    assert_eq!(told(&address)["policies"].as_array().unwrap().len(), 1);
}

#[test]
fn a_service_without_policies_says_so() {
    let data = folder();
    let service = Running::start(data.path(), &[]);
    let (status, told) = service.ask("GET", "/policies", "");
    assert_eq!(status, 404);
    assert!(told.contains("no policies are judged"), "{told}");
}
