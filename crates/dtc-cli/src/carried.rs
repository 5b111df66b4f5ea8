//! `dtc transform --state STATE`: one batch on top of what the state holds. Rows are written before the
//! state is: a batch that dies in between is run again, and says the same again.

use std::collections::HashSet;
use std::sync::Arc;

use dtc_engine::{Batch, Cancel, Changes, Earlier, Event, Output, Plan, Silent, State, run_batch, whole};
use dtc_io::{Head, IoError, Reached, StateChange, StateStore};

use crate::failure::{Failure, Outcome};

/// A state that fits the documents at hand.
pub struct Carried {
    store: Box<dyn StateStore>,
    head: Head,
    shape: String,
}

/// A batch that has run and is not written yet.
pub struct Ran {
    batch: Batch,
    ids: Vec<Arc<str>>,
    rows: u64,
    counted_before: u64,
}

impl Ran {
    pub fn output(&self) -> &Output {
        &self.batch.output
    }
}

impl Carried {
    /// Refuses a state that other documents made.
    pub fn open(store: Box<dyn StateStore>, plan: &Plan) -> Outcome<Carried> {
        let shape = plan.state_shape().join("\n");
        let head = match store.head()? {
            Some(head) if head.shape != shape => {
                return Err(Failure::Message(format!(
                    "DTC0703: the state in {} was made by other documents: {}; run it with those, or name another \
                     state and run all data again",
                    store.place(),
                    difference(&head.shape, &shape)
                )));
            }
            head => head.unwrap_or_default(),
        };
        Ok(Carried { store, head, shape })
    }

    /// How far an input has been read, by its name.
    pub fn reached(&self, name: &str) -> Option<&Reached> {
        self.head.inputs.get(name)
    }

    /// Everything that the state holds.
    pub fn whole(&self, plan: &Plan) -> Outcome<Output> {
        let states = self.store.all()?;
        let states = states.into_iter().map(|(identity, bytes)| self.state(plan, identity.as_str(), &bytes));
        whole(plan, &states.collect::<Outcome<Vec<_>>>()?).map_err(crate::transform::stopped)
    }

    /// Runs the events that no earlier batch has counted.
    pub fn run(&self, plan: &Plan, mut events: Vec<Event>, threads: usize) -> Outcome<Ran> {
        let given = events.len();
        let ids: Vec<&str> = events.iter().filter_map(|event| event.id.as_deref()).collect();
        let mut seen = self.store.seen(&ids)?.into_iter();
        events.retain(|event| event.id.is_none() || !seen.next().unwrap_or(false));
        let counted_before = (given - events.len()) as u64;
        let identities: HashSet<&str> = events.iter().map(|event| &*event.identity).collect();
        let states = self.store.load(&identities.into_iter().collect::<Vec<_>>())?;
        let states = states.into_iter().map(|(identity, bytes)| self.state(plan, &identity, &bytes));
        let earlier = Earlier { states: states.collect::<Outcome<_>>()?, rows: self.head.rows };
        let batch = run_batch(plan, &earlier, &events, threads, &Cancel::default(), &Silent);
        let batch = batch.map_err(crate::transform::stopped)?;
        let rows = earlier.rows + batch.changes.new_rows;
        Ok(Ran { batch, ids: events.into_iter().filter_map(|event| event.id).collect(), rows, counted_before })
    }

    /// Makes the batch part of the state, and tells what it did to earlier ones.
    pub fn commit(&self, ran: &Ran, inputs: Vec<(String, Reached)>) -> Outcome {
        self.store.commit(&StateChange {
            shape: &self.shape,
            states: ran.batch.states.iter().map(|(identity, state)| (&**identity, state.to_bytes())).collect(),
            seen: ran.ids.iter().map(|id| &**id).collect(),
            rows: ran.rows,
            inputs,
        })?;
        tell(ran.batch.changes, ran.batch.output.repeated + ran.counted_before);
        Ok(())
    }

    fn state(&self, plan: &Plan, identity: &str, bytes: &[u8]) -> Outcome<(Arc<str>, State)> {
        match State::from_bytes(plan, bytes) {
            Some(state) => Ok((Arc::from(identity), state)),
            None => {
                let cause = format!("the state of `{identity}` cannot be read");
                Err(IoError::StateDamaged { place: self.store.place(), cause }.into())
            }
        }
    }
}

fn tell(changes: Changes, repeated: u64) {
    let counts = [
        (repeated, "events counted already; their ids came before"),
        (
            changes.late_events - changes.too_late,
            "events are older than what earlier batches counted; they were run after it",
        ),
        (changes.too_late, "events were left out; they are later than `Lateness` allows"),
        (changes.replaced_rows, "rows replace those of earlier batches with the same identity and anchor"),
        (changes.withdrawn_rows, "rows of earlier batches would not be given by one run over everything"),
        (
            changes.withdrawn_records,
            "records of earlier batches are replaced under another key: their block's start moved",
        ),
    ];
    for (count, what) in counts.iter().filter(|(count, _)| *count > 0) {
        eprintln!("note: {count} {what}");
    }
}

/// What two shapes do not share, in the first line that differs.
fn difference(then: &str, now: &str) -> String {
    let lines = then.lines().zip(now.lines()).find(|(then, now)| then != now);
    let (then, now) = match lines {
        Some(lines) => lines,
        None => {
            (then.lines().nth(now.lines().count()).unwrap_or(""), now.lines().nth(then.lines().count()).unwrap_or(""))
        }
    };
    let same_head = then.split("; ").next() == now.split("; ").next() && !then.is_empty();
    let Some(head) = then.split("; ").next().filter(|_| same_head) else {
        return match (then, now) {
            ("", now) => format!("now there is more: {now}"),
            (then, "") => format!("now there is no {then}"),
            (then, now) => format!("then {then}, now {now}"),
        };
    };
    let parts = |line: &str| -> Vec<String> {
        line[head.len()..].trim_start_matches("; ").split(", ").map(str::to_owned).collect()
    };
    let (then, now) = (parts(then), parts(now));
    let only = |these: &[String], those: &[String]| {
        let only: Vec<&str> = these.iter().filter(|part| !those.contains(part)).map(String::as_str).collect();
        if only.is_empty() { "nothing else".to_owned() } else { only.join(", ") }
    };
    if then.iter().all(|part| now.contains(part)) && now.iter().all(|part| then.contains(part)) {
        return format!("{head}: the order of fields is another");
    }
    format!("{head}: then {}, now {}", only(&then, &now), only(&now, &then))
}
