//! What Lambda does between a queue and a function: batches, answers that name the messages that failed, tries, giving up.
//! What fails is seen again behind the others, as after its hiding time. Each lane runs beside the others.

use std::collections::VecDeque;

use anyhow::Result;
use serde_json::Value;

use super::lanes;
use super::poller::Answer;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub id: String,
    pub body: String,
    /// How often it was taken.
    pub taken: u32,
}

#[derive(Debug, Clone)]
pub struct Settings {
    pub batch: usize,
    /// Answers may name the messages that failed.
    pub report: bool,
    /// After so many times a message is given up; `None`: never.
    pub tries: Option<u32>,
}

/// A function with a process of its own.
pub trait Call {
    fn call(&mut self, batch: &[Message]) -> Result<Answer>;
}

/// Given up are the ids of messages.
pub type Outcome = lanes::Outcome<String>;

/// Brings every message of every lane to the lane's function; `start` makes it.
pub fn poll<C: Call>(
    lanes: Vec<Vec<Message>>,
    settings: &Settings,
    start: &(dyn Fn(usize) -> Result<C> + Sync),
) -> Result<Outcome> {
    lanes::side_by_side(lanes, |number, lane| match lane.is_empty() {
        true => Ok(Outcome::default()),
        false => bring(lane, settings, &mut start(number)?),
    })
}

fn bring<C: Call>(lane: Vec<Message>, settings: &Settings, function: &mut C) -> Result<Outcome> {
    let (mut waiting, mut outcome) = (VecDeque::from(lane), Outcome::default());
    while !waiting.is_empty() {
        let many = settings.batch.clamp(1, waiting.len());
        let mut batch: Vec<Message> = waiting.drain(..many).collect();
        batch.iter_mut().for_each(|message| message.taken += 1);
        outcome.calls += 1;
        let again = failed(&function.call(&batch)?, settings.report, &batch);
        for message in batch.into_iter().filter(|message| again.contains(&message.id)) {
            match settings.tries {
                Some(tries) if message.taken >= tries => outcome.given_up.push(message.id),
                None if message.taken > 50 => {
                    anyhow::bail!("a message fails for ever, and nothing ends its tries")
                }
                _ => waiting.push_back(message),
            }
        }
    }
    Ok(outcome)
}

/// Ids of the messages that come again.
fn failed(answer: &Answer, report: bool, batch: &[Message]) -> Vec<String> {
    let all = || batch.iter().map(|message| message.id.clone()).collect::<Vec<_>>();
    let said = match answer {
        Answer::Failed => return all(),
        Answer::Said(said) => said,
    };
    let Some(failures) = said.get("batchItemFailures").filter(|failures| report && !failures.is_null()) else {
        return Vec::new();
    };
    let Some(failures) = failures.as_array() else { return all() };
    let ids: Vec<&str> = failures.iter().filter_map(|failure| failure["itemIdentifier"].as_str()).collect();
    let known = ids.iter().all(|id| batch.iter().any(|message| message.id == *id));
    // An answer that Lambda cannot read, or that names what was not there, fails the batch.
    if ids.len() == failures.len() && known { ids.into_iter().map(str::to_owned).collect() } else { all() }
}

/// A batch as Lambda hands it over.
pub fn event(source: &str, batch: &[Message]) -> Value {
    let record = |message: &Message| {
        serde_json::json!({
            "messageId": message.id,
            "receiptHandle": format!("{}-{}", message.id, message.taken),
            "body": message.body,
            "attributes": {
                "ApproximateReceiveCount": message.taken.to_string(),
                "SentTimestamp": "1700000000000",
                "SenderId": "events",
                "ApproximateFirstReceiveTimestamp": "1700000000001",
            },
            "messageAttributes": {},
            "md5OfBody": "",
            "eventSource": "aws:sqs",
            "eventSourceARN": source,
            "awsRegion": "us-east-1",
        })
    };
    serde_json::json!({"Records": batch.iter().map(record).collect::<Vec<_>>()})
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use anyhow::Result;
    use serde_json::json;

    use super::{Answer, Call, Message, Outcome, Settings, poll};

    const SETTINGS: Settings = Settings { batch: 3, report: true, tries: Some(3) };

    struct Fake<'a, F> {
        seen: &'a Mutex<Vec<String>>,
        answer: F,
    }

    impl<F: FnMut(&[Message]) -> Answer> Call for Fake<'_, F> {
        fn call(&mut self, batch: &[Message]) -> Result<Answer> {
            self.seen.lock().unwrap().push(batch.iter().map(|message| message.id.as_str()).collect());
            Ok((self.answer)(batch))
        }
    }

    fn calls<F: FnMut(&[Message]) -> Answer + Clone + Sync>(
        settings: &Settings,
        letters: &str,
        answer: F,
    ) -> (Vec<String>, Outcome) {
        let seen = Mutex::new(Vec::new());
        let message = |letter: char| Message { id: letter.to_string(), body: String::new(), taken: 0 };
        let lanes = vec![letters.chars().map(message).collect()];
        let outcome = poll(lanes, settings, &|_| Ok(Fake { seen: &seen, answer: answer.clone() })).unwrap();
        (seen.into_inner().unwrap(), outcome)
    }

    fn reports(batch: &[Message]) -> Answer {
        let bad = batch.iter().filter(|message| message.id == "x");
        let failures: Vec<_> = bad.map(|message| json!({"itemIdentifier": message.id})).collect();
        Answer::Said(json!({"batchItemFailures": failures}))
    }

    #[test]
    fn a_message_that_fails_comes_again_alone_until_it_is_given_up() {
        let (seen, outcome) = calls(&SETTINGS, "axbcd", reports);
        assert_eq!(seen, ["axb", "cdx", "x"]);
        assert_eq!((outcome.given_up, outcome.calls), (vec!["x".to_owned()], 3));
    }

    #[test]
    fn without_reports_a_failure_brings_all_again() {
        let fails = |batch: &[Message]| match batch.iter().any(|message| message.id == "x") {
            true => Answer::Failed,
            false => Answer::Said(json!(null)),
        };
        let (seen, outcome) = calls(&SETTINGS, "axb", fails);
        assert_eq!(seen, ["axb", "axb", "axb"]);
        assert_eq!(outcome.given_up, ["a", "x", "b"]);
    }

    #[test]
    fn answers_that_lambda_cannot_read_fail_the_batch() {
        for odd in [
            json!({"batchItemFailures": [{"itemIdentifier": "other"}]}),
            json!({"batchItemFailures": [{}]}),
            json!({"batchItemFailures": 1}),
        ] {
            let (seen, outcome) = calls(&SETTINGS, "ab", move |_: &[Message]| Answer::Said(odd.clone()));
            assert_eq!((seen.len(), outcome.given_up.len()), (3, 2));
        }
        let unasked = Settings { report: false, ..SETTINGS };
        assert_eq!(calls(&unasked, "ax", reports).0, ["ax"]);
    }
}
