//! A join document's policies as the running service asks them: of one joined record at a time.

use std::fmt::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use bandit_log::{Answer, Asked, Decision, Log, Policy, of_json};
use dtc_expr::{Functions, Value};
use dtc_lang::document::{self, PolicyKind};
use join_service::{Joined, Policies, PolicyName, Said};
use studio::document_policies;

use crate::failure::{Failure, Outcome};
use crate::project::Text;

/// The document's policies behind the logged one; `root` is its folder, `scripts` are the texts of its functions.
pub fn of_document(
    document: Option<&document::Join>,
    functions: &Functions,
    scripts: &[Text],
    root: &Path,
) -> Outcome<Policies> {
    let policies = match document {
        Some(document) => {
            let made = document_policies(document, functions, root)
                .into_iter()
                .map(|(name, policy)| policy.map_err(|error| Failure::Message(format!("policy {name}: {error}"))));
            made.collect::<Outcome<Vec<_>>>()?
        }
        None => vec![Policy::logged(), Policy::uniform()],
    };
    let written = document.map_or(&[][..], |document| &document.policies);
    let fingerprint = fingerprint(&policies, written, scripts, root);
    Ok(judging(policies, fingerprint))
}

fn judging(policies: Vec<Policy>, fingerprint: String) -> Policies {
    let names =
        policies.iter().map(|policy| PolicyName { name: policy.name.clone(), is_logged: policy.is_logged() }).collect();
    // What policies are asked about is a log; of this one only the actions are known.
    let known = Mutex::new((Log::default(), Vec::new()));
    let judge = Arc::new(move |joined: &Joined<'_>| {
        // Whoever panicked while it held names left names.
        let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
        let (log, offered) = &mut *known;
        if log.actions != joined.actions {
            log.actions = joined.actions.to_vec();
            *offered = (0..log.actions.len()).collect();
        }
        let decision = decision(joined);
        policies.iter().map(|policy| said(policy, Asked { log, decision: &decision, offered })).collect()
    });
    Policies { names, fingerprint, judge }
}

fn said(policy: &Policy, asked: Asked<'_>) -> Result<Said, String> {
    if policy.is_logged() {
        return Ok(Said::Logged);
    }
    Ok(match policy.ask(asked)? {
        Answer::OfLogged(p) => Said::OfLogged(p),
        Answer::All(all) => {
            let of_logged = all.get(asked.decision.action).copied().unwrap_or_default();
            Said::OfAll { of_logged, sum: all.iter().sum() }
        }
    })
}

fn decision(joined: &Joined<'_>) -> Decision {
    let fields = joined.fields;
    let whole = |name: &str| fields.get(name).and_then(serde_json::Value::as_i64);
    Decision {
        file: 0,
        line: 0,
        key: fields.get("key").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned(),
        time_ms: whole("decided_ms"),
        action: joined.action,
        probability: joined.probability.unwrap_or(1.0),
        reward: fields.get("reward").and_then(serde_json::Value::as_f64).unwrap_or_default(),
        dropped: 0.0,
        offered: Vec::new(),
        context: match fields.get("context") {
            Some(context @ serde_json::Value::Object(_)) => of_json(context),
            _ => Value::None,
        },
        record: Value::dict(fields.iter().map(|(name, value)| (Value::str(name), of_json(value))).collect()),
        delay_ms: whole("reward_delta_ms"),
    }
}

/// Everything that decides what policies say: their texts, their functions' and their tables'.
fn fingerprint(policies: &[Policy], written: &[document::Policy], scripts: &[Text], root: &Path) -> String {
    let mut said = String::new();
    for policy in policies {
        // Writing to a text does not fail.
        let _ = writeln!(said, "{}", policy.name);
    }
    for policy in written {
        let name = &policy.name.value;
        let _ = match &policy.kind {
            PolicyKind::Logged => writeln!(said, "{name} logged"),
            PolicyKind::Uniform => writeln!(said, "{name} uniform"),
            PolicyKind::Constant(action) => writeln!(said, "{name} constant {action}"),
            PolicyKind::Expression(value) => writeln!(said, "{name} expression {}", value.text),
            PolicyKind::Column(value) => writeln!(said, "{name} column {}", value.text),
            PolicyKind::File(file) => {
                let bytes = std::fs::read(root.join(&file.value)).unwrap_or_default();
                writeln!(said, "{name} file {} {:016x}", file.value, hash(&bytes))
            }
        };
        if matches!(policy.kind, PolicyKind::Expression(_) | PolicyKind::Column(_)) {
            for script in scripts {
                let _ = writeln!(said, "{:016x}", hash(script.text.as_bytes()));
            }
        }
    }
    said
}

/// FNV-1a, which says the same on every machine.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(policies: &Policies, line: &str, actions: &[&str], action: usize) -> Vec<Result<Said, String>> {
        let actions: Vec<String> = actions.iter().map(|name| (*name).to_owned()).collect();
        let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(line) else { panic!("{line}") };
        (policies.judge)(&Joined { fields: &fields, actions: &actions, action, probability: Some(0.5) })
    }

    #[test]
    fn a_record_is_asked_about_as_a_line_of_a_log_is() {
        let texts = ["logged", "uniform", "constant:b", "expression:'a' if context.n < 3 else 'b'", "expression:0.7"];
        let made: Vec<Policy> = texts.iter().map(|text| Policy::of_text(text).unwrap()).collect();
        let policies = judging(made, String::new());
        assert!(policies.names[0].is_logged && policies.names.iter().skip(1).all(|name| !name.is_logged));
        let line = r#"{"key": "k", "action": "a", "probability": 0.5, "context": {"n": 2}, "reward": 1}"#;
        let all = |of_logged: f64, sum: f64| Ok(Said::OfAll { of_logged, sum });
        let said = asked(&policies, line, &["a", "b"], 0);
        assert_eq!(said[..4], [Ok(Said::Logged), all(0.5, 1.0), all(0.0, 1.0), all(1.0, 1.0)]);
        // Neither an action nor probabilities.
        assert!(said[4].as_ref().is_err_and(|reason| reason.contains("0.7")), "{:?}", said[4]);
        // Another action was seen since.
        assert_eq!(asked(&policies, line, &["a", "b", "c", "d"], 0)[1], all(0.25, 1.0));
        let line = r#"{"key": "k", "action": "b", "probability": 0.5, "context": null, "reward": 1}"#;
        assert_eq!(asked(&policies, line, &["a", "b"], 1)[2], all(1.0, 1.0));
    }
}
