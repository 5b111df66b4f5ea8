//! Lines become decisions, are set aside or are faults; none is left.

use bandit::Rule;
use bandit_log::{ReadOptions, dsjson_line, read};

use crate::Place;

const DSJSON: &str = concat!(
    r#"{"_label_cost":-1.5,"_label_probability":0.25,"_label_Action":2,"_labelIndex":1,"Timestamp":"2026-01-01T00:00:01Z","EventId":"a","a":[2,1],"p":[0.25,0.75],"c":{"S":{"x":1},"_multi":[{"A":{"k":1}},{"A":{"k":2}}]}}"#,
    "\n",
    r#"{"_label_cost":-0.0,"_label_probability":0.375,"_label_Action":1,"_labelIndex":0,"EventId":"b","a":[1,2],"p":[0.75,0.25],"pdrop":0.5,"c":{"_multi":[{},{}]}}"#,
    "\n",
    r#"{"RewardValue":1,"EnqueuedTimeUtc":"2026-01-01T00:00:02Z","EventId":"z","Observations":[]}"#,
    "\n[\"checkpoint\"]\n",
    r#"{"_label_cost":0,"_label_probability":0.5,"_label_Action":1,"_skipLearn":true,"a":[1,2],"p":[0.5,0.5],"c":{}}"#,
    "\n",
    r#"{"_outcomes":[],"c":{}}"#,
    "\n",
    r#"{"_label_cost":0,"_label_probability":0,"_label_Action":1,"c":{}}"#,
    "\n",
    r#"{"_label_cost":0,"_label_probability":0.5,"_label_Action":1,"a":[1,2],"p":[0.5],"c":{}}"#,
    "\n{broken\n",
);

#[test]
fn dsjson_lines_are_decisions_set_aside_or_faults() {
    let place = Place::make();
    let log = place.log("log.dsjson", DSJSON);
    assert_eq!(log.layouts, ["VW dsjson"]);
    assert_eq!(log.actions, ["1", "2"]);
    let [first, second] = &log.decisions[..] else { panic!("{:?}", log.decisions) };
    assert_eq!((first.reward, first.probability, first.action, first.key.as_str()), (1.5, 0.25, 1, "a"));
    assert_eq!(first.time_ms, Some(1_767_225_601_000));
    assert_eq!(first.offered, [(1, Some(0.25)), (0, Some(0.75))]);
    // The converter corrected for what was dropped, and so does the row's weight; once is enough.
    assert_eq!((second.probability, second.dropped, second.reward.is_sign_positive()), (0.75, 0.5, true));
    let aside = [("dangling rewards", 1), ("checkpoints", 1), ("decisions that were not activated", 1)];
    assert_eq!(log.set_aside, aside);
    let faults: Vec<String> = log.faults.iter().map(|fault| format!("{}: {}", fault.line, fault.what)).collect();
    assert_eq!(log.unusable, 4, "{faults:#?}");
    let told = ["6: the line decides several slots", "7: `_label_probability` is 0", "8: `a` has 2 actions", "9: "];
    for (fault, told) in faults.iter().zip(told) {
        assert!(fault.starts_with(told), "{fault} does not begin with {told}");
    }
}

#[test]
fn what_is_written_as_dsjson_is_read_back() {
    let place = Place::make();
    let table = "key,time,action,pscore,reward,level\nk1,2026-01-01T00:00:00Z,gift,0.25,1.5,3\nk2,2026-01-01T00:00:05Z,bonus,0.75,0,4\n";
    for (name, text) in [("log.csv", table), ("log.dsjson", DSJSON)] {
        let log = place.log(name, text);
        let lines: Vec<String> = log.decisions.iter().map(|decision| dsjson_line(&log, decision)).collect();
        let again = place.log("again.dsjson", &(lines.join("\n") + "\n"));
        assert_eq!(again.unusable, 0, "{:?}", again.faults);
        assert_eq!(again.actions, log.actions);
        for (ours, theirs) in log.decisions.iter().zip(&again.decisions) {
            let told = |one: &bandit_log::Decision| {
                (one.key.clone(), one.time_ms, one.action, one.probability, one.reward, one.dropped)
            };
            assert_eq!(told(ours), told(theirs), "{name}");
        }
        let twice: Vec<String> = again.decisions.iter().map(|decision| dsjson_line(&again, decision)).collect();
        assert_eq!(lines, twice, "{name}");
    }
}

#[test]
fn tables_are_known_by_their_columns() {
    let place = Place::make();
    let open_bandit = ",timestamp,item_id,position,click,propensity_score,user_feature_0\n\
                       0,2019-11-24 00:00:34.762830+00:00,14,2,1,0.0125,abc\n";
    let log = place.log("random.csv", open_bandit);
    assert_eq!((log.layouts[0], log.actions[0].as_str(), log.decisions[0].reward), ("Open Bandit", "14", 1.0));
    assert_eq!(log.decisions[0].time_ms, Some(1_574_553_634_762));
    let service = r#"{"id":"0-0","key":"d1","action":"a","probability":0.25,"context":{"x":1},"reward":1,"reward_delta_ms":250,"decided_ms":1000,"emitted_ms":11000}"#;
    let log = place.log("records-1.jsonl", service);
    assert_eq!(
        (log.layouts[0], log.decisions[0].delay_ms, log.decisions[0].key.as_str()),
        ("joined records", Some(250), "d1")
    );
    let told = |columns: &[(&str, &str)]| {
        let columns = columns.iter().map(|(what, name)| ((*what).to_owned(), (*name).to_owned())).collect();
        let path = place.file("own.csv", "arm_id,prob_taken,payoff\nx,0.5,2\n");
        read(&[path], &ReadOptions { columns, ..ReadOptions::default() }).unwrap()
    };
    let log = told(&[("action", "arm_id"), ("probability", "prob_taken"), ("reward", "payoff")]);
    assert_eq!((log.actions[0].as_str(), log.decisions[0].reward), ("x", 2.0));
    let fault = told(&[("action", "arm_id"), ("reward", "payoff")]).faults[0].to_string();
    assert!(fault.contains("own.csv:") && fault.contains("no column holds the probability"), "{fault}");
    let fault = told(&[("probability", "p")]).faults[0].to_string();
    assert!(fault.contains("there is no column `p`"), "{fault}");
}

#[test]
fn bad_rows_of_a_table_are_told_and_the_others_stay() {
    let place = Place::make();
    let log = place.log("log.csv", "action,probability,reward\na,0.5,1\n,0.5,1\na,1.5,1\na,0.5,x\nb,0.5,0\n");
    assert_eq!(log.decisions.len(), 2);
    let faults: Vec<String> = log.faults.iter().map(|fault| format!("{}: {}", fault.line, fault.what)).collect();
    for (fault, told) in faults.iter().zip(["3: `action` is empty", "4: `probability` is 1.5", "5: `reward` is \"x\""])
    {
        assert!(fault.starts_with(told), "{fault} does not begin with {told}");
    }
    assert_eq!(faults.len(), 3);
}

#[test]
fn events_are_joined_first() {
    let place = Place::make();
    let text = "kind,key,ts_ms,reward,action,probability\ndecision,k,1000,,a,0.5\nreward,k,2000,1,,\n\
                decision,l,1000,,b,0.5\nreward,l,9000,1,,\noverride,m,900,,,\ndecision,m,1000,,b,0.5\nprize,k,1,,,\n";
    let path = place.file("events.csv", text);
    let rule = Rule { window_ms: 5_000, ..Rule::default() };
    let log = read(&[path], &ReadOptions { rule, ..ReadOptions::default() }).unwrap();
    let rewards: Vec<(&str, f64, Option<i64>)> =
        log.decisions.iter().map(|one| (one.key.as_str(), one.reward, one.delay_ms)).collect();
    assert_eq!(rewards, [("k", 1.0, Some(1_000)), ("l", 0.0, None)]);
    assert_eq!(log.joined.unwrap().overridden, 1);
    assert!(log.faults[0].what.starts_with("`kind` is \"prize\""), "{:?}", log.faults);
}
