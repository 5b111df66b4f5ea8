//! Embedded stores side by side, on what a batch does to a state: read 20,000 identities' states of about 1 KB,
//! look up 20,000 event ids, write the changed states and the ids in one durable step. Alternating rounds, the
//! median of each; then opening what was written, and its size.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

type Failed = Box<dyn std::error::Error>;

/// Identities there are, and those of one batch.
const POPULATION: u64 = 60_000;
const BATCH: u64 = 20_000;
const STATE_BYTES: usize = 1_000;
const ROUNDS: usize = 9;

trait Store {
    fn read(&self, identities: &[String], ids: &[String]) -> Result<Vec<Option<Vec<u8>>>, Failed>;
    fn commit(&self, states: &[(String, Vec<u8>)], ids: &[String]) -> Result<(), Failed>;
}

struct Redb(redb::Database);

const STATES: redb::TableDefinition<&str, &[u8]> = redb::TableDefinition::new("states");
const SEEN: redb::TableDefinition<&str, ()> = redb::TableDefinition::new("seen");

impl Redb {
    fn open(folder: &Path) -> Result<Redb, Failed> {
        let mut database = redb::Database::create(folder.join("state.redb"))?;
        // As the product does: pages are looked through before a batch.
        database.check_integrity()?;
        let write = database.begin_write()?;
        write.open_table(STATES)?;
        write.open_table(SEEN)?;
        write.commit()?;
        Ok(Redb(database))
    }
}

impl Store for Redb {
    fn read(&self, identities: &[String], ids: &[String]) -> Result<Vec<Option<Vec<u8>>>, Failed> {
        use redb::ReadableDatabase;
        let read = self.0.begin_read()?;
        let (states, seen) = (read.open_table(STATES)?, read.open_table(SEEN)?);
        for id in ids {
            seen.get(id.as_str())?;
        }
        let state = |identity: &String| Ok(states.get(identity.as_str())?.map(|state| state.value().to_vec()));
        identities.iter().map(state).collect()
    }

    fn commit(&self, states: &[(String, Vec<u8>)], ids: &[String]) -> Result<(), Failed> {
        let mut write = self.0.begin_write()?;
        write.set_two_phase_commit(true);
        {
            let (mut kept, mut seen) = (write.open_table(STATES)?, write.open_table(SEEN)?);
            for (identity, state) in states {
                kept.insert(identity.as_str(), state.as_slice())?;
            }
            for id in ids {
                seen.insert(id.as_str(), ())?;
            }
        }
        Ok(write.commit()?)
    }
}

struct Fjall {
    database: fjall::Database,
    states: fjall::Keyspace,
    seen: fjall::Keyspace,
}

impl Fjall {
    fn open(folder: &Path) -> Result<Fjall, Failed> {
        let database = fjall::Database::builder(folder).open()?;
        let states = database.keyspace("states", fjall::KeyspaceCreateOptions::default)?;
        let seen = database.keyspace("seen", fjall::KeyspaceCreateOptions::default)?;
        // As with the other: all blocks are read, and their checksums compared, before a batch.
        for entry in states.iter().chain(seen.iter()) {
            entry.into_inner()?;
        }
        Ok(Fjall { database, states, seen })
    }
}

impl Store for Fjall {
    fn read(&self, identities: &[String], ids: &[String]) -> Result<Vec<Option<Vec<u8>>>, Failed> {
        for id in ids {
            self.seen.contains_key(id)?;
        }
        identities.iter().map(|identity| Ok(self.states.get(identity)?.map(|state| state.to_vec()))).collect()
    }

    fn commit(&self, states: &[(String, Vec<u8>)], ids: &[String]) -> Result<(), Failed> {
        let mut batch = self.database.batch().durability(Some(fjall::PersistMode::SyncAll));
        for (identity, state) in states {
            batch.insert(&self.states, identity.as_str(), state.as_slice());
        }
        for id in ids {
            batch.insert(&self.seen, id.as_str(), "");
        }
        Ok(batch.commit()?)
    }
}

struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }
}

/// A state as it is: JSON that repeats itself in part.
fn state(chance: &mut Chance) -> Vec<u8> {
    let mut text = String::with_capacity(STATE_BYTES + 80);
    while text.len() < STATE_BYTES {
        let (total, at) = (chance.next() % 100_000, chance.next());
        text.push_str(&format!(
            "[0,[\"s{}\"],[\"ann\",{{\"int\":\"{total}\"}},{{\"datetime\":\"{at}\"}}]],",
            total % 97
        ));
    }
    text.into_bytes()
}

#[derive(Default)]
struct Times {
    read: Vec<Duration>,
    commit: Vec<Duration>,
    open: Vec<Duration>,
    close: Vec<Duration>,
    /// All of the batch.
    whole: Vec<Duration>,
}

/// One batch; the states read are given for comparison.
fn batch(store: &dyn Store, round: usize, times: &mut Times) -> Result<Vec<Option<Vec<u8>>>, Failed> {
    let mut chance = Chance(round as u64 + 1);
    let first = chance.next() % POPULATION;
    let identities: Vec<String> =
        (0..BATCH).map(|number| format!("customer-{:08}", (first + number * 7) % POPULATION)).collect();
    let ids: Vec<String> = (0..BATCH).map(|_| format!("{:016x}{round:04}", chance.next())).collect();
    let changed: Vec<(String, Vec<u8>)> = identities.iter().map(|name| (name.clone(), state(&mut chance))).collect();
    let start = Instant::now();
    let found = store.read(&identities, &ids)?;
    times.read.push(start.elapsed());
    let start = Instant::now();
    store.commit(&changed, &ids)?;
    times.commit.push(start.elapsed());
    Ok(found)
}

/// What a run does with its state, from opening to closing.
fn process<S: Store>(
    open: impl FnOnce() -> Result<S, Failed>,
    round: usize,
    times: &mut Times,
) -> Result<Vec<Option<Vec<u8>>>, Failed> {
    let start = Instant::now();
    let store = open()?;
    times.open.push(start.elapsed());
    let found = batch(&store, round, times)?;
    let end = Instant::now();
    drop(store);
    times.close.push(end.elapsed());
    let parts = [&times.open, &times.read, &times.commit, &times.close];
    times.whole.push(parts.into_iter().filter_map(|part| part.last()).sum());
    Ok(found)
}

fn median(times: &mut [Duration]) -> f64 {
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1000.0
}

fn size(folder: &Path) -> Result<u64, Failed> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        bytes += if path.is_dir() { size(&path)? } else { fs::metadata(&path)?.len() };
    }
    Ok(bytes)
}

fn main() -> Result<(), Failed> {
    let (one, other) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let (mut redb_times, mut fjall_times) = (Times::default(), Times::default());
    // Each batch is a process of its own: the stores are opened for it.
    for round in 0..ROUNDS {
        let of_redb = process(|| Redb::open(one.path()), round, &mut redb_times)?;
        let of_fjall = process(|| Fjall::open(other.path()), round, &mut fjall_times)?;
        if of_redb != of_fjall {
            return Err(format!("round {round}: the stores give other states").into());
        }
    }
    println!("batch {BATCH} population {POPULATION} state {STATE_BYTES} rounds {ROUNDS}");
    for (name, times, folder) in [("redb", &mut redb_times, one.path()), ("fjall", &mut fjall_times, other.path())] {
        let parts = [&mut times.open, &mut times.read, &mut times.commit, &mut times.close, &mut times.whole];
        let [open, read, commit, close, whole] = parts.map(|part| median(part));
        let bytes = size(folder)?;
        println!(
            "{name} open {open:.1} read {read:.1} commit {commit:.1} close {close:.1} whole {whole:.1} bytes {bytes}"
        );
    }
    Ok(())
}
