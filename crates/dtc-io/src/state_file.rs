//! The folder that carries a run's state from batch to batch: one embedded database, written in one
//! commit a batch, so that a batch that dies leaves the state of the one before.
//!
//! Holds bytes by identity and the event ids seen. Refuses to know what the bytes mean.

use std::fs;
use std::path::{Path, PathBuf};

use redb::{
    Database, DatabaseError, ReadableDatabase, ReadableTable, ReadableTableMetadata, StorageError, TableDefinition,
};

use crate::error::IoError;
use crate::guard::guarded;
use crate::write::made_folder;

/// The database in the folder.
pub const FILE: &str = "state.redb";
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

/// The state of a run, open for one process at a time.
pub struct StateFile {
    database: Database,
    path: PathBuf,
}

/// What a batch writes.
#[derive(Debug, Default)]
pub struct StateChange<'a> {
    /// What the states were made with; kept to be compared.
    pub shape: &'a str,
    pub states: Vec<(&'a str, Vec<u8>)>,
    pub seen: Vec<&'a str>,
    /// Rows given so far, this batch's among them.
    pub rows: u64,
}

impl StateFile {
    /// Opens the folder's state and looks it through; a folder without one starts empty.
    pub fn open(folder: &Path) -> Result<StateFile, IoError> {
        fs::create_dir_all(folder).map_err(|cause| made_folder(folder, cause))?;
        let path = folder.join(FILE);
        let opened = guarded(|| {
            let mut database = Database::create(&path)?;
            match database.check_integrity()? {
                true => Ok(database),
                false => Err(StorageError::Corrupted("pages do not have their checksums".to_owned()).into()),
            }
        });
        match opened {
            Ok(Ok(database)) => Ok(StateFile { database, path }),
            Ok(Err(DatabaseError::DatabaseAlreadyOpen)) => Err(IoError::StateBusy { path }),
            Ok(Err(DatabaseError::Storage(StorageError::Io(cause)))) => Err(opening(&path, cause)),
            Ok(Err(error)) => Err(IoError::StateDamaged { path, cause: error.to_string() }),
            Err(cause) => Err(IoError::StateDamaged { path, cause }),
        }
    }

    /// What the states were made with; `None` before the first batch.
    pub fn shape(&self) -> Result<Option<String>, IoError> {
        let Some(layout) = self.about("layout")? else { return Ok(None) };
        if layout != LAYOUT {
            let cause = format!("its layout is {layout}, this program writes {LAYOUT}");
            return Err(IoError::StateDamaged { path: self.path.clone(), cause });
        }
        self.about("shape")
    }

    /// Rows given so far.
    pub fn rows(&self) -> Result<u64, IoError> {
        Ok(self.about("rows")?.and_then(|text| text.parse().ok()).unwrap_or(0))
    }

    /// The states of these identities, of those that have one.
    pub fn load<'i>(&self, identities: &[&'i str]) -> Result<Vec<(&'i str, Vec<u8>)>, IoError> {
        self.asked(|read| {
            let (places, states) = (read.open_table(PLACES)?, read.open_table(STATES)?);
            let mut found = Vec::new();
            for identity in identities {
                let Some(place) = places.get(identity)? else { continue };
                if let Some(state) = states.get(place.value())? {
                    found.push((*identity, state.value().1.to_vec()));
                }
            }
            Ok(found)
        })
    }

    /// Every identity with its state, in order of first appearance.
    pub fn all(&self) -> Result<Vec<(String, Vec<u8>)>, IoError> {
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

    /// Which of these event ids an earlier batch has counted.
    pub fn seen(&self, ids: &[&str]) -> Result<Vec<bool>, IoError> {
        let known = self.asked(|read| {
            let seen = read.open_table(SEEN)?;
            ids.iter().map(|id| Ok(seen.get(id)?.is_some())).collect::<Result<Vec<bool>, redb::Error>>()
        })?;
        Ok(if known.is_empty() { vec![false; ids.len()] } else { known })
    }

    /// Writes a batch: all of it, or nothing.
    pub fn commit(&self, change: &StateChange<'_>) -> Result<(), IoError> {
        let written = guarded(|| -> Result<(), redb::Error> {
            let write = self.database.begin_write()?;
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
                let mut seen = write.open_table(SEEN)?;
                for id in &change.seen {
                    seen.insert(id, ())?;
                }
            }
            Ok(write.commit()?)
        });
        self.answer(written)
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
            Ok(Err(error)) => Err(IoError::StateDamaged { path: self.path.clone(), cause: error.to_string() }),
            Err(cause) => Err(IoError::StateDamaged { path: self.path.clone(), cause }),
        }
    }
}

/// A file of something else is damage too.
fn opening(path: &Path, cause: std::io::Error) -> IoError {
    match cause.kind() {
        std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof => {
            IoError::StateDamaged { path: path.to_path_buf(), cause: cause.to_string() }
        }
        _ => IoError::system(path, "open", cause),
    }
}
