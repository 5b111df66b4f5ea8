//! The stores of a state, all alike: what one batch wrote is there for the next, in order; a second writer is
//! refused; damage is told. Cases of runs go through all of them (see `batches`).

use dtc_aws::{Aws, DynamoState, S3State};
use dtc_io::{EmbeddedState, IoError, MemoryState, Reached, StateChange, StateStore};
use libtest_mimic::{Failed, Trial};

use crate::moto;

pub fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> = Vec::new();
    for kind in KINDS {
        let name = |what: &str| format!("stores::{}::{what}", kind.name());
        trials.push(Trial::test(name("batches"), move || batches(&Place::fresh(kind)?)));
        trials.push(Trial::test(name("random_batches"), move || random_batches(&Place::fresh(kind)?)));
        if matches!(kind, Kind::Dynamo | Kind::S3) {
            trials.push(Trial::test(name("second_writer"), move || second_writer(&Place::fresh(kind)?)));
            trials.push(Trial::test(name("large"), move || large(&Place::fresh(kind)?)));
            trials.push(Trial::test(name("absent"), move || absent(kind)));
        }
    }
    trials
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Memory,
    Embedded,
    Dynamo,
    S3,
}

pub const KINDS: [Kind; 4] = [Kind::Memory, Kind::Embedded, Kind::Dynamo, Kind::S3];

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Memory => "memory",
            Kind::Embedded => "embedded",
            Kind::Dynamo => "dynamodb",
            Kind::S3 => "s3",
        }
    }
}

/// Where a state of its own is; opened anew for each batch, but for memory's, which is the place.
pub enum Place {
    Memory(MemoryState),
    Embedded(tempfile::TempDir),
    Dynamo(Aws, String),
    S3(Aws, String),
}

/// A table and a bucket for all states: they keep apart by name and prefix.
const TABLE: &str = "states";
const BUCKET: &str = "states";

/// The shared server, with its table and bucket.
pub fn aws() -> Result<Aws, Failed> {
    static MADE: std::sync::Mutex<bool> = std::sync::Mutex::new(false);
    let port = moto::shared()?;
    let mut made = MADE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if !*made {
        moto::create_table(port, TABLE, true)?;
        moto::create_bucket(port, BUCKET)?;
        *made = true;
    }
    Ok(Aws::with_keys(&format!("http://127.0.0.1:{port}"), "us-east-1", "id", "secret")?)
}

impl Place {
    pub fn fresh(kind: Kind) -> Result<Place, Failed> {
        Ok(match kind {
            Kind::Memory => Place::Memory(MemoryState::default()),
            Kind::Embedded => Place::Embedded(tempfile::tempdir()?),
            Kind::Dynamo => Place::Dynamo(aws()?, moto::fresh_name("st/a:te")),
            Kind::S3 => Place::S3(aws()?, moto::fresh_name("st/a:te")),
        })
    }

    /// Runs something on the state, opened for it.
    pub fn with<T>(&self, work: impl FnOnce(&dyn StateStore) -> Result<T, IoError>) -> Result<T, IoError> {
        match self {
            Place::Memory(state) => work(state),
            Place::Embedded(folder) => work(&EmbeddedState::open(&folder.path().join("a/b"))?),
            Place::Dynamo(aws, name) => work(&DynamoState::open(aws, TABLE, name)?),
            Place::S3(aws, name) => work(&S3State::open(aws, BUCKET, name)?),
        }
    }
}

fn change<'a>(states: &[(&'a str, &str)], seen: &[&'a str], rows: u64) -> StateChange<'a> {
    let states = states.iter().map(|(identity, state)| (*identity, state.as_bytes().to_vec())).collect();
    StateChange {
        shape: "a\nshape ü",
        states,
        seen: seen.to_vec(),
        rows,
        inputs: vec![(format!("file {rows}"), reached())],
    }
}

fn reached() -> Reached {
    Reached { head_bytes: 4096, head: u64::MAX, bytes: 1 << 53, lines: Some(7), records: 9 }
}

fn texts(states: Vec<(String, Vec<u8>)>) -> Vec<(String, String)> {
    states.into_iter().map(|(name, bytes)| (name, String::from_utf8_lossy(&bytes).into_owned())).collect()
}

fn ensure(holds: bool, what: &str) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(what.into()) }
}

fn batches(place: &Place) -> Result<(), Failed> {
    place.with(|state| {
        assert_eq!(state.head()?, None);
        assert_eq!(state.seen(&["x", "y"])?, [false, false]);
        assert!(state.load(&["u"])?.is_empty() && state.all()?.is_empty());
        state.commit(&change(&[("u/:%", "1"), ("a", "2")], &["x", "i/d:%"], 3))
    })?;
    place.with(|state| state.commit(&change(&[("b", "3"), ("u/:%", "4")], &["y", "x"], 5)))?;
    // What changes nothing is a batch too.
    for _ in 0..5 {
        place.with(|state| state.commit(&change(&[("b", "3")], &["y"], 5)))?;
        place.with(|state| state.commit(&change(&[], &[], 5)))?;
    }
    // Several batches through one opening.
    place.with(|state| {
        state.commit(&change(&[("c", "5")], &[], 6))?;
        state.commit(&change(&[("b", "6"), ("d", "7")], &["z"], 7))
    })?;
    place.with(|state| {
        let head = state.head()?.unwrap_or_default();
        assert_eq!((head.shape.as_str(), head.rows, head.inputs.len()), ("a\nshape ü", 7, 4));
        assert!(head.inputs.values().all(|input| *input == reached()));
        let mut loaded = texts(state.load(&["u/:%", "none", "d"])?);
        loaded.sort();
        assert_eq!(loaded, [("d".to_owned(), "7".to_owned()), ("u/:%".to_owned(), "4".to_owned())]);
        let all: Vec<String> = texts(state.all()?).into_iter().map(|(name, text)| format!("{name}={text}")).collect();
        assert_eq!(all, ["u/:%=4", "a=2", "b=6", "c=5", "d=7"], "in order of first appearance");
        assert_eq!(state.seen(&["x", "none", "i/d:%", "y", "z"])?, [true, false, true, true, true]);
        Ok(())
    })?;
    Ok(())
}

/// Batches of any size against a state in memory.
fn random_batches(place: &Place) -> Result<(), Failed> {
    let model = MemoryState::default();
    let mut chance = 7_u64;
    let mut next = |below: u64| {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (chance >> 33) % below
    };
    for batch in 0..6 {
        let names: Vec<String> = (0..next(120)).map(|_| format!("user {}", next(200))).collect();
        let mut once: Vec<&String> = Vec::new();
        names.iter().for_each(|name| {
            if !once.contains(&name) {
                once.push(name)
            }
        });
        let states: Vec<(&str, Vec<u8>)> = once
            .iter()
            .map(|name| (name.as_str(), format!("{name} in {batch}").repeat(next(50) as usize).into_bytes()))
            .collect();
        let ids: Vec<String> = (0..next(300)).map(|_| format!("id {}", next(1000))).collect();
        let seen: Vec<&str> = ids.iter().map(String::as_str).collect();
        let change = StateChange { shape: "s", states, seen, rows: batch, inputs: Vec::new() };
        place.with(|state| {
            // A run looks before it writes.
            let known = state.load(&change.states.iter().map(|(name, _)| *name).collect::<Vec<_>>())?;
            assert!(known.len() <= change.states.len());
            state.commit(&change)
        })?;
        model.commit(&change)?;
        let ids: Vec<String> = (0..1000).map(|number| format!("id {number}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let found = place.with(|state| Ok((state.all()?, state.seen(&ids)?, state.head()?)))?;
        ensure(found.0 == model.all()?, &format!("other states after batch {batch}"))?;
        ensure(found.1 == model.seen(&ids)?, &format!("other ids after batch {batch}"))?;
        ensure(found.2 == model.head()?, &format!("another head after batch {batch}"))?;
    }
    Ok(())
}

fn second_writer(place: &Place) -> Result<(), Failed> {
    let open = || -> Result<Box<dyn StateStore>, Failed> {
        Ok(match place {
            Place::Dynamo(aws, name) => Box::new(DynamoState::open(aws, TABLE, name)?),
            Place::S3(aws, name) => Box::new(S3State::open(aws, BUCKET, name)?),
            Place::Memory(_) | Place::Embedded(_) => return Err("opened by one at a time".into()),
        })
    };
    for round in 0..3 {
        let (first, second) = (open()?, open()?);
        let mine = format!("mine {round}");
        for state in [&first, &second] {
            state.load(&["u"])?;
            state.seen(&["x"])?;
        }
        first.commit(&change(&[("u", &mine)], &["x"], 1))?;
        let refused = second.commit(&change(&[("u", "theirs"), ("v", "theirs")], &["x", "y"], 2));
        match refused {
            Err(IoError::StateOvertaken { .. }) => {}
            other => return Err(format!("the second writer got {other:?}").into()),
        }
        let (third, wanted) = (open()?, vec![("u".to_owned(), mine.clone())]);
        ensure(texts(third.all()?) == wanted, "the first writer's batch does not hold")?;
        ensure(third.seen(&["x", "y"])? == [true, false], "ids of a refused batch count")?;
        ensure(third.head()?.is_some_and(|head| head.rows == 1), "another head")?;
        drop(first);
    }
    Ok(())
}

/// States larger than an item, and enough of them for more than one object.
fn large(place: &Place) -> Result<(), Failed> {
    let mut chance = 1_u64;
    let mut noise = |length: usize| -> Vec<u8> {
        let byte = |_| {
            chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (chance >> 33) as u8
        };
        (0..length).map(byte).collect()
    };
    let names: Vec<String> = (0..7).map(|number| format!("large {number}")).collect();
    for lengths in [1_500_000, 400_000, 10] {
        let states: Vec<(&str, Vec<u8>)> = names.iter().map(|name| (name.as_str(), noise(lengths))).collect();
        let wanted: Vec<(String, Vec<u8>)> =
            states.iter().map(|(name, state)| ((*name).to_owned(), state.clone())).collect();
        place.with(|state| state.commit(&StateChange { shape: "s", states, ..StateChange::default() }))?;
        ensure(place.with(|state| state.all())? == wanted, &format!("states of {lengths} bytes do not come back"))?;
    }
    Ok(())
}

/// What is not there is told with its cure.
fn absent(kind: Kind) -> Result<(), Failed> {
    let aws = aws()?;
    let told = match kind {
        Kind::Dynamo => DynamoState::open(&aws, "no-such-table", "s").err(),
        _ => S3State::open(&aws, "no-such-bucket", "s").err(),
    };
    let told = told.map(|error| error.to_string()).unwrap_or_default();
    let wanted = match kind {
        Kind::Dynamo => ["dynamodb://no-such-table/s: there is no table `no-such-table`", "aws dynamodb create-table"],
        _ => ["s3://no-such-bucket/s/: there is no bucket `no-such-bucket`", "aws s3 mb"],
    };
    ensure(wanted.iter().all(|text| told.contains(text)), &format!("told: {told}"))
}
