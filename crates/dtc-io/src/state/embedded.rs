//! The state in a folder: one embedded database, written in one commit a batch.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use redb::{
    Database, DatabaseError, ReadableDatabase, ReadableTable, ReadableTableMetadata, StorageError, TableDefinition,
};

use super::{Head, StateChange, StateStore};
use crate::error::IoError;
use crate::guard::guarded;
use crate::reached::Reached;
use crate::write::made_folder;

/// The database in the folder.
pub const FILE: &str = "state.redb";
/// What redb's format begins with: so many bytes of magic number, and of header in all.
const MAGIC: usize = 9;
const HEADER: usize = 320;
/// How the tables below are laid out.
const LAYOUT: &str = "1";

/// `layout`, `shape`, `rows`.
const ABOUT: TableDefinition<&str, &str> = TableDefinition::new("about");
/// Identity → its place in order of first appearance.
const PLACES: TableDefinition<&str, u64> = TableDefinition::new("places");
/// Place → identity and state.
const STATES: TableDefinition<u64, (&str, &[u8])> = TableDefinition::new("states");
/// Event ids that count already.
const SEEN: TableDefinition<&str, ()> = TableDefinition::new("seen");
/// Input → how far it has been read, as JSON.
const INPUTS: TableDefinition<&str, &str> = TableDefinition::new("inputs");

/// The state of a run, open for one process at a time.
pub struct EmbeddedState {
    database: Database,
    path: PathBuf,
}

impl EmbeddedState {
    /// Opens the folder's state and looks it through; a folder without one starts empty.
    pub fn open(folder: &Path) -> Result<EmbeddedState, IoError> {
        fs::create_dir_all(folder).map_err(|cause| made_folder(folder, cause))?;
        let path = folder.join(FILE);
        let opened = guarded(|| {
            let mut file = File::options().read(true).write(true).create(true).truncate(false).open(&path)?;
            begun_anew(&mut file)?;
            let mut database = Database::builder().create_file(file)?;
            // A page without its checksum is an error, because batches are committed in two phases. What is
            // told and mended besides is which pages are free; that happens after batches that change nothing.
            database.check_integrity()?;
            Ok::<_, DatabaseError>(database)
        });
        match opened {
            Ok(Ok(database)) => Ok(EmbeddedState { database, path }),
            Ok(Err(DatabaseError::DatabaseAlreadyOpen)) => {
                Err(IoError::StateBusy { place: path.display().to_string() })
            }
            Ok(Err(DatabaseError::Storage(StorageError::Io(cause)))) => Err(opening(&path, cause)),
            Ok(Err(error)) => Err(IoError::damaged_state(&path, error)),
            Err(cause) => Err(IoError::damaged_state(&path, cause)),
        }
    }

    fn about(&self, name: &str) -> Result<Option<String>, IoError> {
        self.asked(|read| Ok(read.open_table(ABOUT)?.get(name)?.map(|text| text.value().to_owned())))
    }

    /// Asks the tables; before the first batch there are none, and the answer is the empty one.
    fn asked<T: Default>(
        &self,
        ask: impl FnOnce(&redb::ReadTransaction) -> Result<T, redb::Error>,
    ) -> Result<T, IoError> {
        let answer = guarded(|| match ask(&self.database.begin_read()?) {
            Err(redb::Error::TableDoesNotExist(_)) => Ok(T::default()),
            answer => answer,
        });
        self.answer(answer)
    }

    fn answer<T>(&self, answer: Result<Result<T, redb::Error>, String>) -> Result<T, IoError> {
        match answer {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(redb::Error::Io(cause))) => Err(IoError::system(&self.path, "write", cause)),
            Ok(Err(error)) => Err(IoError::damaged_state(&self.path, error)),
            Err(cause) => Err(IoError::damaged_state(&self.path, cause)),
        }
    }
}

impl StateStore for EmbeddedState {
    fn place(&self) -> String {
        self.path.display().to_string()
    }

    fn head(&self) -> Result<Option<Head>, IoError> {
        let Some(layout) = self.about("layout")? else { return Ok(None) };
        if layout != LAYOUT {
            let cause = format!("its layout is {layout}, this program writes {LAYOUT}");
            return Err(IoError::damaged_state(&self.path, cause));
        }
        let shape = self.about("shape")?.unwrap_or_default();
        let rows = self.about("rows")?.and_then(|text| text.parse().ok()).unwrap_or(0);
        let inputs = self.asked(|read| {
            let mut inputs = Vec::new();
            for entry in read.open_table(INPUTS)?.iter()? {
                let (name, reached) = entry?;
                inputs.push((name.value().to_owned(), Reached::from_text(reached.value())));
            }
            Ok(inputs)
        })?;
        let known = |(name, reached): (String, Option<Reached>)| match reached {
            Some(reached) => Ok((name, reached)),
            None => Err(IoError::damaged_state(&self.path, format!("how far {name} was read makes no sense"))),
        };
        Ok(Some(Head { shape, rows, inputs: inputs.into_iter().map(known).collect::<Result<_, IoError>>()? }))
    }

    fn load(&self, identities: &[&str]) -> Result<Vec<(String, Vec<u8>)>, IoError> {
        self.asked(|read| {
            let (places, states) = (read.open_table(PLACES)?, read.open_table(STATES)?);
            let mut found = Vec::new();
            for identity in identities {
                let Some(place) = places.get(identity)? else { continue };
                if let Some(state) = states.get(place.value())? {
                    found.push(((*identity).to_owned(), state.value().1.to_vec()));
                }
            }
            Ok(found)
        })
    }

    fn all(&self) -> Result<Vec<(String, Vec<u8>)>, IoError> {
        self.asked(|read| {
            let mut all = Vec::new();
            for entry in read.open_table(STATES)?.iter()? {
                let (_, held) = entry?;
                let (identity, state) = held.value();
                all.push((identity.to_owned(), state.to_vec()));
            }
            Ok(all)
        })
    }

    fn seen(&self, ids: &[&str]) -> Result<Vec<bool>, IoError> {
        let known = self.asked(|read| {
            let seen = read.open_table(SEEN)?;
            ids.iter().map(|id| Ok(seen.get(id)?.is_some())).collect::<Result<Vec<bool>, redb::Error>>()
        })?;
        Ok(if known.is_empty() { vec![false; ids.len()] } else { known })
    }

    fn commit(&self, change: &StateChange<'_>) -> Result<(), IoError> {
        let written = guarded(|| -> Result<(), redb::Error> {
            let mut write = self.database.begin_write()?;
            write.set_two_phase_commit(true);
            {
                let mut about = write.open_table(ABOUT)?;
                about.insert("layout", LAYOUT)?;
                about.insert("shape", change.shape)?;
                about.insert("rows", change.rows.to_string().as_str())?;
                let (mut places, mut states) = (write.open_table(PLACES)?, write.open_table(STATES)?);
                for (identity, state) in &change.states {
                    let known = places.get(identity)?.map(|place| place.value());
                    let place = match known {
                        Some(place) => place,
                        None => {
                            let next = states.len()?;
                            places.insert(identity, next)?;
                            next
                        }
                    };
                    states.insert(place, (*identity, state.as_slice()))?;
                }
                let mut inputs = write.open_table(INPUTS)?;
                for (name, reached) in &change.inputs {
                    inputs.insert(name.as_str(), reached.to_text().as_str())?;
                }
                let mut seen = write.open_table(SEEN)?;
                for id in &change.seen {
                    seen.insert(id, ())?;
                }
            }
            Ok(write.commit()?)
        });
        self.answer(written)
    }
}

/// Empties a file whose making was cut off: redb writes its magic number last, over zeros, and refuses a file
/// without one. Whatever holds anything behind its header is left as it is, and refused.
fn begun_anew(file: &mut File) -> io::Result<()> {
    // Another process may be making it now; redb says so when it takes the lock.
    if file.metadata()?.len() == 0 || file.try_lock().is_err() {
        return Ok(());
    }
    let mut bytes = vec![0; 1 << 16];
    let mut held = file.read(&mut bytes)?;
    let begun = bytes[..held.min(MAGIC)].iter().all(|byte| *byte == 0);
    bytes[..held.min(HEADER)].fill(0);
    let mut empty = begun;
    while empty && held > 0 {
        empty = bytes[..held].iter().all(|byte| *byte == 0);
        held = file.read(&mut bytes)?;
    }
    if empty {
        file.set_len(0)?;
    }
    file.unlock()
}

/// A file of something else is damage too.
fn opening(path: &Path, cause: std::io::Error) -> IoError {
    match cause.kind() {
        std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof => IoError::damaged_state(path, cause),
        _ => IoError::system(path, "open", cause),
    }
}
