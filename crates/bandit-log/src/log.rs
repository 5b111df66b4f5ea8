//! A log in memory: decisions with what came of them, the actions there are, and what could not be used.

use std::fmt;
use std::sync::Arc;

use dtc_expr::Value;
use rustc_hash::FxHashMap;

/// A decision as a layout gives it, actions by name.
#[derive(Debug, Clone, Default)]
pub struct Logged {
    pub key: String,
    pub time_ms: Option<i64>,
    pub action: String,
    pub probability: f64,
    pub reward: f64,
    /// Share of decisions like it that the log leaves out, within [0, 1).
    pub dropped: f64,
    /// What could have been chosen, with logged probabilities where they are known. Empty: any action of the log.
    pub offered: Vec<(String, Option<f64>)>,
    pub context: Value,
    /// The whole record.
    pub record: Value,
    pub delay_ms: Option<i64>,
}

/// With its file (its place in `Log::files`) and line.
pub type Placed = ((usize, u64), Logged);

/// The same with actions by number.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Place in `Log::files`, and the line.
    pub file: usize,
    pub line: u64,
    pub key: String,
    pub time_ms: Option<i64>,
    pub action: usize,
    pub probability: f64,
    pub reward: f64,
    pub dropped: f64,
    pub offered: Vec<(usize, Option<f64>)>,
    pub context: Value,
    pub record: Value,
    pub delay_ms: Option<i64>,
}

/// A line that could not be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub file: Arc<str>,
    pub line: u64,
    /// What is wrong and how it is cured.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// Faults that are kept to be told; all are counted.
const MOST_FAULTS: usize = 100;

#[derive(Debug, Default)]
pub struct Log {
    pub files: Vec<Arc<str>>,
    /// By file: what its lines are.
    pub layouts: Vec<&'static str>,
    pub actions: Vec<String>,
    pub decisions: Vec<Decision>,
    /// The first 100.
    pub faults: Vec<Fault>,
    pub unusable: u64,
    /// Lines that are part of the format and no decisions: rewards of nobody, checkpoints, decisions that nothing
    /// may be learnt from. By name.
    pub set_aside: Vec<(&'static str, u64)>,
    /// Of a log of events that was joined here.
    pub joined: Option<bandit::Counters>,
    /// Of such a log: the events, for joining them by other windows. A decision's payload is its place in `all`.
    pub events: Vec<bandit::Event<usize>>,
    all: Vec<Decision>,
    /// The rule by which they were joined.
    pub rule: bandit::Rule,
}

/// Takes lines and gives the log.
#[derive(Debug, Default)]
pub struct LogBuilder {
    log: Log,
    places: FxHashMap<String, usize>,
}

impl LogBuilder {
    /// The next file; what follows is of it.
    pub fn file(&mut self, name: &str, layout: &'static str) {
        self.log.files.push(Arc::from(name));
        self.log.layouts.push(layout);
    }

    pub fn decision(&mut self, line: u64, logged: Logged) {
        let decision = self.placed(self.place(line), logged);
        self.log.decisions.push(decision);
    }

    /// A line of the file that is read now.
    pub fn place(&self, line: u64) -> (usize, u64) {
        (self.log.files.len().saturating_sub(1), line)
    }

    fn placed(&mut self, (file, line): (usize, u64), logged: Logged) -> Decision {
        let action = self.action(&logged.action);
        let offered = logged.offered.iter().map(|(name, p)| (self.action(name), *p)).collect();
        Decision {
            file,
            line,
            key: logged.key,
            time_ms: logged.time_ms,
            action,
            probability: logged.probability,
            reward: logged.reward,
            dropped: logged.dropped,
            offered,
            context: logged.context,
            record: logged.record,
            delay_ms: logged.delay_ms,
        }
    }

    pub fn fault(&mut self, line: u64, what: impl Into<String>) {
        self.log.unusable += 1;
        if self.log.faults.len() < MOST_FAULTS {
            let file = self.log.files.last().cloned().unwrap_or_else(|| Arc::from("log"));
            self.log.faults.push(Fault { file, line, what: what.into() });
        }
    }

    pub fn set_aside(&mut self, kind: &'static str) {
        match self.log.set_aside.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, count)) => *count += 1,
            None => self.log.set_aside.push((kind, 1)),
        }
    }

    fn action(&mut self, name: &str) -> usize {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = self.log.actions.len();
        self.log.actions.push(name.to_owned());
        self.places.insert(name.to_owned(), place);
        place
    }

    /// Joins events by a rule and adds the decisions in the order in which they leave. An event's decision is its place
    /// among `decisions`, which come with their file and line.
    pub fn join(&mut self, events: Vec<bandit::Event<usize>>, decisions: Vec<Placed>, rule: bandit::Rule) {
        let joined = bandit::join(&rule, &events);
        let all: Vec<Decision> = decisions.into_iter().map(|(place, logged)| self.placed(place, logged)).collect();
        self.log.decisions.extend(joined.records.iter().map(|record| Decision {
            reward: record.reward,
            delay_ms: record.delay_ms,
            ..all[record.decision].clone()
        }));
        self.log.all = all;
        self.log.joined = Some(joined.counters);
        self.log.events = events;
        self.log.rule = rule;
    }

    /// Actions in the order of their names (numbers by size), whatever order they came in.
    pub fn finish(self) -> Log {
        let mut log = self.log;
        let mut order: Vec<usize> = (0..log.actions.len()).collect();
        let number = |name: &str| name.parse::<f64>().ok().filter(|number| number.is_finite());
        order.sort_by(|a, b| {
            let (a, b) = (log.actions[*a].as_str(), log.actions[*b].as_str());
            match (number(a), number(b)) {
                (Some(x), Some(y)) => x.total_cmp(&y).then_with(|| a.cmp(b)),
                (x, y) => y.is_some().cmp(&x.is_some()).then_with(|| a.cmp(b)),
            }
        });
        let mut new_places = vec![0; order.len()];
        order.iter().enumerate().for_each(|(new, old)| new_places[*old] = new);
        log.actions = order.iter().map(|old| std::mem::take(&mut log.actions[*old])).collect();
        for decision in log.decisions.iter_mut().chain(&mut log.all) {
            decision.action = new_places[decision.action];
            decision.offered.iter_mut().for_each(|(action, _)| *action = new_places[*action]);
        }
        log
    }
}

impl Log {
    pub fn place(&self, decision: &Decision) -> String {
        match self.files.get(decision.file) {
            Some(file) => format!("{file}:{}", decision.line),
            None => format!("line {}", decision.line),
        }
    }

    /// The same log with other decisions of the same actions, joined by nobody.
    pub fn with_decisions(&self, decisions: Vec<Decision>) -> Log {
        Log { files: self.files.clone(), actions: self.actions.clone(), decisions, ..Log::default() }
    }

    /// A decision of the events, whether it left a record or not.
    pub fn decision_of(&self, payload: usize) -> Option<&Decision> {
        self.all.get(payload)
    }

    /// The same for the same decisions with the same rewards, and else not: so that no log counts twice (FNV-1a).
    pub fn told_apart(&self) -> String {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut add = |bytes: &[u8]| {
            for byte in bytes.iter().chain(&[0xff]) {
                hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            }
        };
        for decision in &self.decisions {
            add(decision.key.as_bytes());
            add(&decision.time_ms.unwrap_or_default().to_le_bytes());
            add(self.actions.get(decision.action).map_or(&[][..], |name| name.as_bytes()));
            add(&decision.reward.to_bits().to_le_bytes());
        }
        format!("{hash:016x}")
    }

    /// Whether every decision has a time.
    pub fn is_timed(&self) -> bool {
        self.decisions.iter().all(|decision| decision.time_ms.is_some())
    }
}
