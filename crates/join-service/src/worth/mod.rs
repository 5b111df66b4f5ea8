//! What policies are worth, found out while records leave: a reader of the service's own records, like a sink, whose
//! sums and place are on disk together. It holds nobody up.

mod kept;
mod ledger;
mod shown;

use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use bandit::evaluate::Estimator;
use serde_json::{Map, Value};

use self::ledger::{Ledger, Weighed};
use crate::error::ServiceError;
use crate::options::Options;
use crate::record::Head;
use crate::tail::Tail;

const LOOK_AGAIN: Duration = Duration::from_millis(50);
const TRY_AGAIN: Duration = Duration::from_secs(1);
/// Sums are written so often while they change.
const KEEP: Duration = Duration::from_secs(1);
/// Actions that are told apart.
const MOST_ACTIONS: usize = 1_000;
/// So many records are looked at again where an action is new, because policies are asked about all actions there are.
const LOOKED_AT_AGAIN: u64 = 10_000;

/// Policies that are judged while records leave.
#[derive(Clone)]
pub struct Policies {
    pub names: Vec<PolicyName>,
    /// Differs where the policies may say something else; their sums are begun anew then.
    pub fingerprint: String,
    pub judge: Judge,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyName {
    pub name: String,
    /// Whether it is the one that chose.
    pub is_logged: bool,
}

/// What each policy says of a record, in their order. An error says why one says nothing.
pub type Judge = Arc<dyn Fn(&Joined<'_>) -> Vec<Result<Said, String>> + Send + Sync>;

/// A record that left.
#[derive(Debug, Clone, Copy)]
pub struct Joined<'r> {
    /// As its line has them: `key`, `action`, `probability`, `context`, `reward` and times.
    pub fields: &'r Map<String, Value>,
    /// Every action that was seen, the record's own among them.
    pub actions: &'r [String],
    pub action: usize,
    pub probability: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Said {
    /// It is the policy that chose.
    Logged,
    /// With which probability it takes the action that was taken.
    OfLogged(f64),
    /// The same, and the sum of its probabilities of all actions.
    OfAll { of_logged: f64, sum: f64 },
}

impl Policies {
    /// The one that chose, alone: the mean reward.
    pub fn logged() -> Policies {
        Policies {
            names: vec![PolicyName { name: "logged".to_owned(), is_logged: true }],
            fingerprint: "logged".to_owned(),
            judge: Arc::new(|_| vec![Ok(Said::Logged)]),
        }
    }
}

/// What is known, for those who show it.
pub struct Worth {
    names: Vec<PolicyName>,
    found: Mutex<Found>,
    /// The file of records that is still needed.
    needed: Mutex<String>,
    /// Whether the service has ended.
    ended: AtomicBool,
}

struct Found {
    ledger: Ledger,
    trouble: Option<String>,
}

impl Worth {
    /// The file of records that it still needs.
    pub fn needs(&self) -> String {
        self.needed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Nothing more leaves.
    pub fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        // Whoever panicked while it held sums left sums.
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts the thread, which ends with the service.
pub fn start(options: &Options) -> Result<Option<Arc<Worth>>, ServiceError> {
    let Some(policies) = &options.policies else { return Ok(None) };
    let path = options.data.join("policies.json");
    let count = policies.names.len();
    let kept = kept::read(&path, count, &policies.fingerprint);
    let ledger = kept.unwrap_or_else(|| Ledger::new(count, Vec::new()));
    let records = options.data.join("records");
    let worth = Arc::new(Worth {
        names: policies.names.clone(),
        needed: Mutex::new(ledger.cursor.name.clone()),
        found: Mutex::new(Found { ledger: ledger.clone(), trouble: None }),
        ended: AtomicBool::new(false),
    });
    let judging = Judging {
        tail: Tail::at(&records, ledger.cursor),
        records,
        path,
        policies: policies.clone(),
        estimators: ledger::estimators(),
        worth: worth.clone(),
    };
    let started = thread::Builder::new().name("policies".to_owned()).spawn(move || judging.run());
    started.map_err(|cause| ServiceError::Stopped(format!("no thread could be started: {cause}")))?;
    Ok(Some(worth))
}

struct Judging {
    tail: Tail,
    records: PathBuf,
    path: PathBuf,
    policies: Policies,
    estimators: Vec<Estimator>,
    worth: Arc<Worth>,
}

impl Judging {
    fn run(mut self) {
        let (mut changed, mut kept) = (false, Instant::now());
        while !self.worth.ended.load(Ordering::Relaxed) {
            let step = self.step().and_then(|more| {
                changed |= more;
                if changed && kept.elapsed() >= KEEP {
                    self.keep()?;
                    (changed, kept) = (false, Instant::now());
                }
                Ok(more)
            });
            match step {
                Ok(true) => self.worth.found().trouble = None,
                Ok(false) => thread::sleep(LOOK_AGAIN),
                Err(error) => {
                    self.worth.found().trouble = Some(error.to_string());
                    thread::sleep(TRY_AGAIN);
                }
            }
        }
    }

    /// Looks at what left since; whether there was something.
    fn step(&mut self) -> io::Result<bool> {
        let lines = self.tail.next()?;
        if lines.is_empty() {
            return Ok(false);
        }
        let parsed: Vec<Value> = lines
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_slice(line).unwrap_or_default())
            .collect();
        let worth = self.worth.clone();
        let mut found = worth.found();
        let ledger = &mut found.ledger;
        let is_new = meet(&parsed, &mut ledger.actions);
        if is_new && ledger.records > 0 && ledger.records < LOOKED_AT_AGAIN {
            *ledger = Ledger::new(self.policies.names.len(), std::mem::take(&mut ledger.actions));
            self.tail = Tail::at(&self.records, ledger.cursor.clone());
            return Ok(true);
        }
        for (line, record) in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).zip(&parsed) {
            self.add(line, record, ledger);
        }
        self.tail.advance(lines.len());
        ledger.cursor = self.tail.cursor().clone();
        Ok(true)
    }

    fn add(&self, line: &[u8], record: &Value, ledger: &mut Ledger) {
        let place = Head::of_line(line).and_then(|head| head.place());
        // After a crash files may end elsewhere; the order of records stays.
        if place.is_none() || place <= ledger.last {
            return;
        }
        ledger.last = place;
        let (Some(fields), Some(reward)) = (record.as_object(), record["reward"].as_f64()) else { return };
        let Some(name) = action_of(record) else { return };
        let Some(action) = ledger.actions.iter().position(|known| *known == name) else { return };
        let probability = record["probability"].as_f64();
        let said = (self.policies.judge)(&Joined { fields, actions: &ledger.actions, action, probability });
        let weighed = Weighed {
            decided_ms: record["decided_ms"].as_i64().unwrap_or_default(),
            reward,
            key: record["key"].as_str().unwrap_or_default(),
            action,
            probability,
        };
        ledger.add(&weighed, said, &self.estimators);
    }

    fn keep(&self) -> io::Result<()> {
        // What is written is a copy, so that nobody waits for the disk.
        let ledger = self.worth.found().ledger.clone();
        kept::write(&self.path, &ledger, &self.policies.fingerprint)?;
        *self.worth.needed.lock().unwrap_or_else(PoisonError::into_inner) = ledger.cursor.name;
        Ok(())
    }
}

/// Adds the records' actions to the known ones; whether some were new.
fn meet(records: &[Value], actions: &mut Vec<String>) -> bool {
    let before = actions.len();
    for name in records.iter().filter_map(action_of) {
        if actions.len() < MOST_ACTIONS && !actions.contains(&name) {
            actions.push(name);
        }
    }
    actions.len() > before
}

/// Actions of a log are texts; 3.0 is the 3 of another record.
fn action_of(record: &Value) -> Option<String> {
    match &record["action"] {
        Value::String(name) => Some(name.clone()),
        Value::Number(number) => Some(match number.as_f64() {
            Some(whole) if whole.fract() == 0.0 && whole.abs() < 1e15 => format!("{whole:.0}"),
            _ => number.to_string(),
        }),
        _ => None,
    }
}
