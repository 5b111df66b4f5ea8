//! Every kind of policy gives the probabilities that it says, and what it lacks is told with its place.

use bandit::evaluate::Question;
use bandit_log::{Ask, Evaluation, Log, Policy, PolicyError, evaluate};

use crate::Place;

const LOG: &str = "key,action,probability,reward,level,p_new\nk1,a,0.5,1,1,0.2\nk2,b,0.25,0,5,0.1\nk3,c,0.25,2,9,1\n";

fn worth(log: &Log, policy: &str) -> Result<Evaluation, PolicyError> {
    let question = Question { resamples: 2, ..Question::default() };
    evaluate(log, &Policy::of_text(policy)?, &Ask { question: &question, model_by: &[], bin: None })
}

#[test]
fn each_kind_weighs_rows_by_its_probabilities() {
    let place = Place::make();
    let log = place.log("log.csv", LOG);
    let by_action = place.file("by_action.csv", "action,probability\na,0.5\nb,0.25\nc,0.25\n");
    let by_key = place.file("by_key.csv", "key,action\nk1,a\nk2,c\nk3,c\n");
    let by_level = place.file(
        "by_level.jsonl",
        "{\"level\": 1, \"action\": \"b\"}\n{\"level\": 5, \"action\": \"b\"}\n{\"level\": 9, \"action\": \"c\"}\n",
    );
    let script = place.file(
        "p.rhai",
        "fn choose(context, actions) { if context.level > 3 { actions[1] } else { #{ \"a\": 0.25, \"c\": 0.75 } } }",
    );
    let cases: Vec<(String, [f64; 3])> = vec![
        ("logged".into(), [1.0, 1.0, 1.0]),
        ("uniform".into(), [2.0 / 3.0, 4.0 / 3.0, 4.0 / 3.0]),
        ("constant:b".into(), [0.0, 4.0, 0.0]),
        ("expression:'a' if context.level < 3 else 'c'".into(), [2.0, 0.0, 4.0]),
        ("expression:0.5 if action == 'c' else 0.25".into(), [0.5, 1.0, 2.0]),
        ("expression:{'a': 0.1, 'b': 0.9}".into(), [0.2, 3.6, 0.0]),
        ("column:p_new".into(), [0.4, 0.4, 4.0]),
        (format!("file:{}", by_action.display()), [1.0, 1.0, 1.0]),
        (format!("named=file:{}", by_key.display()), [2.0, 0.0, 4.0]),
        (format!("file:{}", by_level.display()), [0.0, 4.0, 4.0]),
        (format!("rhai:{}#choose", script.display()), [0.5, 4.0, 0.0]),
    ];
    for (policy, weights) in cases {
        let found = worth(&log, &policy).unwrap_or_else(|error| panic!("{policy}: {error}"));
        for (found, wanted) in found.weights.iter().zip(weights) {
            assert!((found - wanted).abs() < 1e-12, "{policy}: {found}, not {wanted}");
        }
    }
}

#[test]
fn what_a_policy_lacks_is_told() {
    let place = Place::make();
    let log = place.log("log.csv", LOG);
    let short = place.file("short.csv", "key,action\nk1,a\n");
    let script = place.file("p.rhai", "fn choose(context) { 1 }");
    let broken = place.file("broken.rhai", "fn choose(context { 1 }");
    let cases: Vec<(String, &str)> = vec![
        ("magic".into(), "there is no policy `magic`; policies are logged, uniform"),
        ("constant:".into(), "names no action"),
        ("constant:z".into(), "the log has no action `z`; it has a, b, c"),
        ("column:none".into(), "log.csv:2: there is no column `none`"),
        ("column:level".into(), "log.csv:3: policy level: `level` is 5, not a probability"),
        ("expression:'z'".into(), "log.csv:2: policy 'z': it chooses `z`, which is no action of the log"),
        ("expression:context.level +".into(), "It may use context, action, actions and source"),
        ("expression:context.level if action == 'a' else 0".into(), "it gives 5 for `a`, not a probability"),
        ("file:none.csv".into(), "none.csv"),
        (format!("file:{}", short.display()), "has no row for key k2"),
        (format!("rhai:{}", script.display()), "names no function"),
        (format!("rhai:{}#other", script.display()), "has no function `other`; it has choose"),
        (format!("rhai:{}#choose", broken.display()), "broken.rhai:1:"),
    ];
    for (policy, told) in cases {
        let said = worth(&log, &policy).map(|found| found.policy).expect_err(&policy).to_string();
        assert!(said.contains(told), "{policy} says: {said}");
    }
}
