//! Runs in batches. A case of batches holds `events.1.jsonl`, `events.2.jsonl`, … and what each batch
//! gives, `expected.batch.1.txt`, …. What is held after the last one must be what one run over all
//! events gives, unless `expected.whole.jsonl` says otherwise (events that come late).

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dtc_engine::{Batch, Cancel, Earlier, Event, Events, Plan, Silent, State, run, run_batch, whole};
use dtc_io::StateChange;
use libtest_mimic::Failed;

use crate::explained;
use crate::runs::{Job, compare, lines};
use crate::stores::{KINDS, Kind, Place};

pub fn case(path: &Path) -> Result<(), Failed> {
    let streaming = path.join("streaming.yaml");
    let window = Some(path.join("window.yaml")).filter(|window| window.exists());
    let files: Vec<PathBuf> =
        (1..).map(|number| path.join(format!("events.{number}.jsonl"))).take_while(|file| file.exists()).collect();
    let job = Job { window: window.as_deref(), ..Job::new(&streaming, &files) };
    let plan = job.plan()?;
    let carried = Carried { place: Place::fresh(Kind::Memory)? };
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

/// Runs events in order of time in batches, through every store; what is held at the end is the same.
pub fn change_nothing(plan: &Plan, events: &[Event]) -> Result<(), Failed> {
    let mut events = events.to_vec();
    events.sort_by_key(|event| event.time.micros);
    let at_once = run(plan, &Events::of(plan, &events), 1, &Cancel::default(), &Silent)
        .map_err(|stopped| format!("{stopped:?}"))?;
    let at_once = lines(&at_once, plan)?;
    for kind in KINDS {
        // Each batch costs requests.
        let parts = if matches!(kind, Kind::Memory | Kind::Embedded) { &[2, 7][..] } else { &[3] };
        for size in parts.iter().map(|parts| events.len().div_ceil(*parts)) {
            let carried = Carried { place: Place::fresh(kind)? };
            for batch in events.chunks(size.max(1)) {
                carried.batch(plan, batch.to_vec())?;
            }
            let what = format!("batches of {size} events through {}", kind.name());
            same(&at_once, &carried.lines(plan)?, &what)?;
        }
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

/// State between batches, in a store.
struct Carried {
    place: Place,
}

impl Carried {
    fn batch(&self, plan: &Plan, mut events: Vec<Event>) -> Result<Batch, Failed> {
        let batch = self.place.with(|store| {
            let head = store.head()?.unwrap_or_default();
            let ids: Vec<Arc<str>> = events.iter().filter_map(|event| event.id.clone()).collect();
            let seen = store.seen(&ids.iter().map(|id| &**id).collect::<Vec<_>>())?;
            let mut seen = seen.into_iter();
            events.retain(|event| event.id.is_none() || !seen.next().unwrap_or(false));
            let mut identities: Vec<&str> = events.iter().map(|event| &*event.identity).collect();
            identities.sort_unstable();
            identities.dedup();
            let states = read(plan, store.load(&identities)?).map(|states| states.into_iter().collect());
            let earlier = states.map(|states| Earlier { states, rows: head.rows });
            let ran = earlier.and_then(|earlier| {
                run_batch(plan, &earlier, &events, 2, &Cancel::default(), &Silent)
                    .map_err(|stopped| format!("{stopped:?}"))
            });
            let batch = match ran {
                Ok(batch) => batch,
                Err(failed) => return Ok(Err(failed)),
            };
            store.commit(&StateChange {
                shape: &plan.state_shape().join("\n"),
                states: batch.states.iter().map(|(identity, state)| (&**identity, state.to_bytes())).collect(),
                seen: events.iter().filter_map(|event| event.id.as_deref()).collect(),
                rows: head.rows + batch.changes.new_rows,
                inputs: Vec::new(),
            })?;
            Ok(Ok(batch))
        })?;
        Ok(batch?)
    }

    fn lines(&self, plan: &Plan) -> Result<String, Failed> {
        let states = read(plan, self.place.with(|store| store.all())?)?;
        let output = whole(plan, &states).map_err(|stopped| format!("{stopped:?}"))?;
        lines(&output, plan)
    }
}

fn read(plan: &Plan, states: Vec<(String, Vec<u8>)>) -> Result<Vec<(Arc<str>, State)>, String> {
    let read = |(identity, bytes): (String, Vec<u8>)| match State::from_bytes(plan, &bytes) {
        Some(state) => Ok((Arc::from(identity), state)),
        None => Err(format!("the state of `{identity}` does not come back")),
    };
    states.into_iter().map(read).collect()
}
