//! What Lambda does between a stream and a function (an event source mapping), on records that lie there already: filter,
//! batches, lanes by partition key, retries, age, bisecting, answers that name the lowest failed record, giving up. Each lane
//! runs beside the others, as on AWS. Time is counted, not waited for.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use anyhow::Result;
use serde_json::Value;

use super::filter::Filter;
use super::lanes;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub sequence: String,
    pub partition_key: String,
    pub data: Vec<u8>,
    /// Milliseconds of the poller's own clock, which starts at zero.
    pub arrived: u64,
}

pub struct Shard {
    pub id: String,
    pub records: Vec<Record>,
}

#[derive(Debug, Clone)]
pub struct Settings {
    pub batch: usize,
    pub bisect: bool,
    /// `None`: until the records are too old.
    pub retries: Option<u32>,
    /// In milliseconds; `None`: as old as they get.
    pub max_age: Option<u64>,
    /// Answers may name the lowest failed record.
    pub report: bool,
    /// Of each shard.
    pub lanes: usize,
    pub filters: Vec<Filter>,
}

/// What came of a call.
pub enum Answer {
    Said(Value),
    /// An error, a crash or no answer in time.
    Failed,
}

/// A function with a process of its own.
pub trait Call {
    fn call(&mut self, shard: &str, batch: &[&Record]) -> Result<Answer>;
}

/// A batch that goes to the destination for failures.
#[derive(Debug, PartialEq, Eq)]
pub struct GivenUp {
    pub shard: String,
    pub first: String,
    pub last: String,
    pub size: usize,
    pub reason: &'static str,
}

pub type Outcome = lanes::Outcome<GivenUp>;

/// Brings every record of every shard to its lane's function; `start` makes the function of a lane.
pub fn poll<C: Call>(
    shards: &[Shard],
    settings: &Settings,
    start: &(dyn Fn(usize) -> Result<C> + Sync),
) -> Result<Outcome> {
    let lanes: Vec<(&str, Vec<&Record>)> = shards.iter().flat_map(|shard| lanes(shard, settings)).collect();
    lanes::side_by_side(lanes, |number, (shard, records)| {
        let mut lane = Lane { shard, settings, function: start(number)?, outcome: Outcome::default(), clock: 0 };
        records.chunks(settings.batch.max(1)).try_for_each(|batch| lane.bring(batch, 0))?;
        Ok(lane.outcome)
    })
}

/// A shard's records that pass the filter, by lane; records of one partition key stay in order in one lane.
fn lanes<'a>(shard: &'a Shard, settings: &Settings) -> Vec<(&'a str, Vec<&'a Record>)> {
    let count = settings.lanes.max(1);
    let mut lanes = vec![Vec::new(); count];
    for record in &shard.records {
        let passes = settings.filters.is_empty() || settings.filters.iter().any(|filter| filter.matches(record));
        if passes {
            let mut hash = DefaultHasher::new();
            record.partition_key.hash(&mut hash);
            let lane = usize::try_from(hash.finish() % count as u64).unwrap_or_default();
            lanes[lane].push(record);
        }
    }
    lanes.into_iter().filter(|records| !records.is_empty()).map(|records| (shard.id.as_str(), records)).collect()
}

struct Lane<'a, C> {
    shard: &'a str,
    settings: &'a Settings,
    function: C,
    outcome: Outcome,
    clock: u64,
}

impl<C: Call> Lane<'_, C> {
    /// Brings a batch until all of it is done or given up; `tried` is how often its records failed before.
    fn bring(&mut self, batch: &[&Record], tried: u32) -> Result<()> {
        let mut rest = batch;
        let mut tried = tried;
        loop {
            rest = self.without_old(rest);
            if rest.is_empty() {
                return Ok(());
            }
            self.outcome.calls += 1;
            let answer = self.function.call(self.shard, rest)?;
            let failed_at = match failed(&answer, self.settings.report) {
                None => return Ok(()),
                Some(Failed::Whole) => 0,
                // A record that is not in the batch: the whole batch failed.
                Some(Failed::From(sequence)) => {
                    rest.iter().position(|record| record.sequence == sequence).unwrap_or_default()
                }
            };
            rest = &rest[failed_at..];
            // Splitting does not count as a try: a poisoned record ends up alone.
            if failed_at == 0 && self.settings.bisect && rest.len() > 1 {
                let (one, other) = rest.split_at(rest.len() / 2);
                self.bring(one, tried)?;
                return self.bring(other, tried);
            }
            if self.settings.retries.is_some_and(|retries| tried >= retries) {
                self.give_up(rest, "RetryAttemptsExhausted");
                return Ok(());
            }
            tried = tried.saturating_add(1);
            // Lambda waits longer from time to time; without an end of retries, age must end them.
            self.clock += 1000 << tried.min(8);
            if self.settings.retries.is_none() && self.settings.max_age.is_none() && tried > 50 {
                anyhow::bail!("a batch fails for ever, and nothing ends its retries");
            }
        }
    }

    /// What is too old goes to the destination.
    fn without_old<'r, 'd>(&mut self, batch: &'r [&'d Record]) -> &'r [&'d Record] {
        let Some(age) = self.settings.max_age else { return batch };
        let old = batch.iter().take_while(|record| self.clock.saturating_sub(record.arrived) > age).count();
        if old > 0 {
            self.give_up(&batch[..old], "RecordAgeExceeded");
        }
        &batch[old..]
    }

    fn give_up(&mut self, batch: &[&Record], reason: &'static str) {
        if let (Some(first), Some(last)) = (batch.first(), batch.last()) {
            let (first, last) = (first.sequence.clone(), last.sequence.clone());
            let shard = self.shard.to_owned();
            self.outcome.given_up.push(GivenUp { shard, first, last, size: batch.len(), reason });
        }
    }
}

enum Failed {
    Whole,
    /// From this sequence number on.
    From(String),
}

/// What failed by an answer; `None`: nothing.
fn failed(answer: &Answer, report: bool) -> Option<Failed> {
    let said = match answer {
        Answer::Failed => return Some(Failed::Whole),
        Answer::Said(said) => said,
    };
    let failures = said.get("batchItemFailures").filter(|_| report)?;
    if failures.is_null() {
        return None;
    }
    let Some(failures) = failures.as_array() else { return Some(Failed::Whole) };
    let mut lowest: Option<&str> = None;
    for failure in failures {
        match failure["itemIdentifier"].as_str() {
            Some(id) if !id.is_empty() => {
                let number = |id: &str| (id.trim_start_matches('0').len(), id.trim_start_matches('0').to_owned());
                lowest = Some(lowest.map_or(id, |other| if number(id) < number(other) { id } else { other }));
            }
            // An answer that Lambda cannot read fails the batch.
            _ => return Some(Failed::Whole),
        }
    }
    lowest.map(|lowest| Failed::From(lowest.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use anyhow::Result;
    use serde_json::{Value, json};

    use super::{Answer, Call, GivenUp, Outcome, Record, Settings, Shard, poll};

    /// Calls as they came, each the batch's data.
    type Seen<'a> = &'a Mutex<Vec<String>>;

    struct Fake<'a, F> {
        seen: Seen<'a>,
        answer: F,
    }

    impl<F: FnMut(&[&Record]) -> Answer> Call for Fake<'_, F> {
        fn call(&mut self, _shard: &str, batch: &[&Record]) -> Result<Answer> {
            let data: Vec<u8> = batch.iter().flat_map(|record| record.data.clone()).collect();
            self.seen.lock().unwrap().push(String::from_utf8(data).unwrap());
            Ok((self.answer)(batch))
        }
    }

    const SETTINGS: Settings = Settings {
        batch: 4,
        bisect: false,
        retries: Some(2),
        max_age: None,
        report: true,
        lanes: 1,
        filters: Vec::new(),
    };

    fn shard(letters: &str) -> [Shard; 1] {
        let record = |(index, letter): (usize, char)| Record {
            sequence: (index + 1).to_string(),
            partition_key: letter.to_string(),
            data: letter.to_string().into_bytes(),
            arrived: 0,
        };
        [Shard { id: "s".into(), records: letters.chars().enumerate().map(record).collect() }]
    }

    fn calls<F: FnMut(&[&Record]) -> Answer + Clone + Sync>(
        settings: &Settings,
        letters: &str,
        answer: F,
    ) -> (Vec<String>, Outcome) {
        let seen = Mutex::new(Vec::new());
        let outcome = poll(&shard(letters), settings, &|_| Ok(Fake { seen: &seen, answer: answer.clone() })).unwrap();
        (seen.into_inner().unwrap(), outcome)
    }

    fn good() -> Answer {
        Answer::Said(json!({"batchItemFailures": []}))
    }

    /// Fails from the poisoned record on, as a function that reports does.
    fn reports(batch: &[&Record]) -> Answer {
        let bad = batch.iter().find(|record| record.data == b"x");
        let failures: Vec<Value> = bad.iter().map(|record| json!({"itemIdentifier": record.sequence})).collect();
        Answer::Said(json!({"batchItemFailures": failures}))
    }

    fn fails(batch: &[&Record]) -> Answer {
        if batch.iter().any(|record| record.data == b"x") { Answer::Failed } else { good() }
    }

    #[test]
    fn batches_are_as_big_as_they_may_be() {
        let (seen, outcome) = calls(&SETTINGS, "abcdefghij", |_| good());
        assert_eq!(seen, ["abcd", "efgh", "ij"]);
        assert!(outcome.given_up.is_empty() && outcome.calls == 3);
    }

    #[test]
    fn a_reported_failure_brings_the_rest_again_until_its_retries_end() {
        let (seen, outcome) = calls(&SETTINGS, "abxd", reports);
        assert_eq!(seen, ["abxd", "xd", "xd"]);
        assert_eq!(
            outcome.given_up,
            [GivenUp {
                shard: "s".into(),
                first: "3".into(),
                last: "4".into(),
                size: 2,
                reason: "RetryAttemptsExhausted"
            }]
        );
    }

    #[test]
    fn bisecting_leaves_the_poisoned_record_alone() {
        let settings = Settings { bisect: true, ..SETTINGS };
        for answer in [reports as fn(&[&Record]) -> Answer, fails] {
            let (seen, outcome) = calls(&settings, "abxd", answer);
            assert_eq!(
                outcome.given_up,
                [GivenUp {
                    shard: "s".into(),
                    first: "3".into(),
                    last: "3".into(),
                    size: 1,
                    reason: "RetryAttemptsExhausted"
                }]
            );
            assert_eq!(seen.last().map(String::as_str), Some("d"));
        }
    }

    #[test]
    fn answers_that_lambda_cannot_read_fail_the_batch() {
        for odd in [
            json!({"batchItemFailures": [{"itemIdentifier": ""}]}),
            json!({"batchItemFailures": [{}]}),
            json!({"batchItemFailures": 1}),
        ] {
            let (seen, outcome) = calls(&SETTINGS, "ab", move |_| Answer::Said(odd.clone()));
            assert_eq!((seen.len(), outcome.given_up.len()), (3, 1));
        }
        for empty in [json!({"batchItemFailures": null}), json!({}), json!(null), json!("x")] {
            assert_eq!(calls(&SETTINGS, "ab", move |_| Answer::Said(empty.clone())).0.len(), 1);
        }
        let unasked = Settings { report: false, ..SETTINGS };
        assert_eq!(calls(&unasked, "abxd", reports).0, ["abxd"]);
    }

    #[test]
    fn the_lowest_of_several_counts() {
        let odd = |batch: &[&Record]| {
            let again = |sequence: &str| batch.iter().any(|record| record.sequence == sequence);
            let failures =
                if again("1") { json!([{"itemIdentifier": "10"}, {"itemIdentifier": "9"}]) } else { json!([]) };
            Answer::Said(json!({"batchItemFailures": failures}))
        };
        let (seen, _) = calls(&Settings { batch: 20, ..SETTINGS }, "abcdefghijk", odd);
        assert_eq!(seen, ["abcdefghijk", "ijk"]);
    }

    #[test]
    fn age_ends_what_retries_do_not() {
        let settings = Settings { retries: None, max_age: Some(10_000), ..SETTINGS };
        let (seen, outcome) = calls(&settings, "x", fails);
        assert_eq!(
            outcome.given_up,
            [GivenUp { shard: "s".into(), first: "1".into(), last: "1".into(), size: 1, reason: "RecordAgeExceeded" }]
        );
        // 2 + 4 + 8 seconds of waiting are more than ten.
        assert_eq!(seen.len(), 3);
    }

    #[test]
    fn lanes_keep_the_order_of_a_key_and_lose_nothing() {
        let settings = Settings { lanes: 3, batch: 2, ..SETTINGS };
        let (seen, _) = calls(&settings, "abcabcabc", |_| good());
        for letter in ["a", "b", "c"] {
            assert_eq!(seen.iter().map(|batch| batch.matches(letter).count()).sum::<usize>(), 3);
        }
    }
}
