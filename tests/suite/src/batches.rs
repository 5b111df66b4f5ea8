//! Runs in batches. A case of batches holds `events.1.jsonl`, `events.2.jsonl`, … and what each batch
//! gives, `expected.batch.1.txt`, …. What is held after the last one must be what one run over all
//! events gives, unless `expected.whole.jsonl` says otherwise (events that come late).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dtc_engine::{Batch, Cancel, Earlier, Event, Events, Plan, Silent, State, run, run_batch, whole};
use libtest_mimic::Failed;

use crate::explained;
use crate::runs::{Job, compare, lines};

pub fn case(path: &Path) -> Result<(), Failed> {
    let streaming = path.join("streaming.yaml");
    let window = Some(path.join("window.yaml")).filter(|window| window.exists());
    let files: Vec<PathBuf> =
        (1..).map(|number| path.join(format!("events.{number}.jsonl"))).take_while(|file| file.exists()).collect();
    let job = Job { window: window.as_deref(), ..Job::new(&streaming, &files) };
    let plan = job.plan()?;
    let mut carried = Carried::default();
    for (index, file) in files.iter().enumerate() {
        let events = Job { data: std::slice::from_ref(file), ..job }.events(&plan)?;
        let batch = carried.batch(&plan, events)?;
        let found = format!("{}{:?}\n", lines(&batch.output, &plan)?, batch.changes);
        compare(&path.join(format!("expected.batch.{}.txt", index + 1)), &found)?;
    }
    let held = carried.lines(&plan)?;
    let at_once = job.run()?;
    explained::as_run(&plan, &job.events(&plan)?, &at_once.output)?;
    let differs = path.join("expected.whole.jsonl");
    if differs.exists() {
        return compare(&differs, &held);
    }
    same(&at_once.lines, &held, "batches")
}

/// Runs events in order of time in one, two and many batches; what is held at the end is the same.
pub fn change_nothing(plan: &Plan, events: &[Event]) -> Result<(), Failed> {
    let mut events = events.to_vec();
    events.sort_by_key(|event| event.time.micros);
    let at_once = run(plan, &Events::of(plan, &events), 1, &Cancel::default(), &Silent)
        .map_err(|stopped| format!("{stopped:?}"))?;
    let at_once = lines(&at_once, plan)?;
    for size in [events.len().div_ceil(2), events.len().div_ceil(7)] {
        let mut carried = Carried::default();
        for batch in events.chunks(size.max(1)) {
            carried.batch(plan, batch.to_vec())?;
        }
        same(&at_once, &carried.lines(plan)?, &format!("batches of {size} events"))?;
    }
    Ok(())
}

fn same(at_once: &str, held: &str, what: &str) -> Result<(), Failed> {
    let differs = at_once.lines().zip(held.lines()).find(|(a, b)| a != b);
    match differs {
        Some((a, b)) => Err(format!("{what} change a line\n  at once {a}\n  held    {b}").into()),
        None if at_once == held => Ok(()),
        None => Err(format!("{what} change the number of lines: {held}\ninstead of\n{at_once}").into()),
    }
}

/// State between batches, as bytes, as a file would have it.
#[derive(Default)]
struct Carried {
    states: Vec<(Arc<str>, Vec<u8>)>,
    ids: Vec<Arc<str>>,
    rows: u64,
}

impl Carried {
    fn batch(&mut self, plan: &Plan, mut events: Vec<Event>) -> Result<Batch, Failed> {
        events.retain(|event| event.id.as_ref().is_none_or(|id| !self.ids.contains(id)));
        let earlier = Earlier { states: self.read(plan)?.into_iter().collect(), rows: self.rows };
        let batch = run_batch(plan, &earlier, &events, 2, &Cancel::default(), &Silent);
        let batch = batch.map_err(|stopped| format!("{stopped:?}"))?;
        self.ids.extend(events.into_iter().filter_map(|event| event.id));
        self.rows += batch.changes.new_rows;
        for (identity, state) in &batch.states {
            match self.states.iter_mut().find(|(known, _)| known == identity) {
                Some((_, bytes)) => *bytes = state.to_bytes(),
                None => self.states.push((identity.clone(), state.to_bytes())),
            }
        }
        Ok(batch)
    }

    fn lines(&self, plan: &Plan) -> Result<String, Failed> {
        let output = whole(plan, &self.read(plan)?).map_err(|stopped| format!("{stopped:?}"))?;
        lines(&output, plan)
    }

    fn read(&self, plan: &Plan) -> Result<Vec<(Arc<str>, State)>, Failed> {
        let read = |(identity, bytes): &(Arc<str>, Vec<u8>)| {
            let state = State::from_bytes(plan, bytes);
            state.map(|state| (identity.clone(), state)).ok_or_else(|| Failed::from("a state does not come back"))
        };
        self.states.iter().map(read).collect()
    }
}
