//! A state in S3. Objects are written once and never changed; `head.json` names those that hold. A batch
//! writes new objects, then the head, on the condition that it is still the one the batch began with: a run
//! that dies before leaves the old head, and two runs at once cannot both go through.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::primitives::ByteStream;
use dtc_io::{Head, IoError, Reached, StateChange, StateStore};
use futures::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};

use crate::client::Aws;
use crate::failure::failed;
use crate::shards::{Entries, Entry, SHARD_BYTES, pack, shard_of, size, unpack};

/// How the objects are laid out.
const LAYOUT: &str = "1";
/// Objects that are on their way at the same time.
const AT_ONCE: usize = 16;

pub struct S3State {
    aws: Aws,
    client: Client,
    bucket: String,
    /// Empty, or with a slash at its end.
    prefix: String,
    /// The head as this run knows it.
    opened: RefCell<Option<Rc<Opened>>>,
    read: RefCell<HashMap<String, Entries>>,
}

/// A head as it was read or written.
struct Opened {
    head: Stored,
    etag: String,
}

/// `head.json`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Stored {
    layout: String,
    generation: u64,
    /// Chosen by chance by the batch that wrote it.
    batch: String,
    shape: String,
    rows: u64,
    inputs: BTreeMap<String, Reached>,
    /// Identities so far.
    places: u64,
    states: Objects,
    seen: Objects,
}

/// The objects of a map, by shard; `None`: nothing is in it yet.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Objects {
    bits: u32,
    names: Vec<Option<String>>,
}

impl Default for Objects {
    fn default() -> Objects {
        Objects { bits: 0, names: vec![None] }
    }
}

/// One of the two maps while a batch changes it.
struct Changed {
    kind: &'static str,
    objects: Objects,
    shards: BTreeMap<usize, Entries>,
}

impl S3State {
    /// `prefix`: empty, or the folder in the bucket.
    pub fn open(aws: &Aws, bucket: &str, prefix: &str) -> Result<S3State, IoError> {
        let prefix = prefix.trim_matches('/');
        let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
        let state = S3State {
            client: aws.s3(),
            aws: aws.clone(),
            bucket: bucket.to_owned(),
            prefix,
            opened: RefCell::default(),
            read: RefCell::default(),
        };
        let opened = aws.wait(state.head_now())?;
        state.opened.replace(opened.map(Rc::new));
        Ok(state)
    }

    fn opened(&self) -> Option<Rc<Opened>> {
        self.opened.borrow().clone()
    }

    fn head_key(&self) -> String {
        format!("{}head.json", self.prefix)
    }

    async fn head_now(&self) -> Result<Option<Opened>, IoError> {
        let Some((bytes, etag)) = self.get(&self.head_key()).await? else { return Ok(None) };
        let head: Stored = serde_json::from_slice(&bytes).map_err(|error| self.damaged(error.to_string()))?;
        if head.layout != LAYOUT {
            return Err(self.damaged(format!("its layout is {}, this program writes {LAYOUT}", head.layout)));
        }
        let fits = |objects: &Objects| objects.bits < 32 && objects.names.len() == 1 << objects.bits;
        if !fits(&head.states) || !fits(&head.seen) {
            return Err(self.damaged("head.json names too few objects".to_owned()));
        }
        Ok(Some(Opened { head, etag }))
    }

    /// An object and its tag.
    async fn get(&self, key: &str) -> Result<Option<(Vec<u8>, String)>, IoError> {
        let answer = match self.client.get_object().bucket(&self.bucket).key(key).send().await {
            Err(error) if error.code() == Some("NoSuchKey") => return Ok(None),
            answer => answer.map_err(|error| self.failed(&error))?,
        };
        let etag = answer.e_tag.unwrap_or_default();
        let body = answer.body.collect().await.map_err(|cause| IoError::Remote {
            place: self.place(),
            what: format!("{key} could not be read to its end ({cause})"),
            cure: "try again".to_owned(),
        })?;
        Ok(Some((body.to_vec(), etag)))
    }

    /// Reads objects of the head; each only once.
    async fn fetch(&self, names: impl Iterator<Item = &String>) -> Result<(), IoError> {
        let wanted: Vec<String> = names.filter(|name| !self.read.borrow().contains_key(*name)).cloned().collect();
        let fetched: Vec<(String, Entries)> = stream::iter(wanted)
            .map(|name| async move {
                let Some((bytes, _)) = self.get(&format!("{}{name}", self.prefix)).await? else {
                    return Err(self.gone(&name).await);
                };
                match unpack(&bytes) {
                    Some(entries) => Ok((name, entries)),
                    None => Err(self.damaged(format!("{name} cannot be read"))),
                }
            })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        self.read.borrow_mut().extend(fetched);
        Ok(())
    }

    /// Why an object is not there: another run has replaced it, or somebody removed it.
    async fn gone(&self, name: &str) -> IoError {
        let now = self.head_now().await.ok().flatten().map(|opened| opened.etag);
        if now == self.opened().map(|opened| opened.etag.clone()) {
            self.damaged(format!("{name} is missing"))
        } else {
            IoError::StateOvertaken { place: self.place() }
        }
    }

    /// What is kept of these keys, in their order.
    fn entries(&self, objects: &Objects, keys: &[&str]) -> Result<Vec<Option<Entry>>, IoError> {
        let name = |key: &str| objects.names[shard_of(key, objects.bits)].as_ref();
        self.aws.wait(self.fetch(keys.iter().filter_map(|key| name(key))))?;
        let read = self.read.borrow();
        Ok(keys.iter().map(|key| read.get(name(key)?)?.get(*key).cloned()).collect())
    }

    fn failed<E, R>(&self, error: &SdkError<E, R>) -> IoError
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
        R: std::fmt::Debug,
    {
        failed(&self.place(), &self.bucket, error)
    }

    fn damaged(&self, cause: String) -> IoError {
        IoError::StateDamaged { place: self.place(), cause }
    }

    async fn write(&self, change: &StateChange<'_>) -> Result<(), IoError> {
        let before = self.opened().map(|opened| opened.head.clone()).unwrap_or_default();
        let mut head = before.clone();
        head.layout = LAYOUT.to_owned();
        head.generation += 1;
        head.batch = nonce();
        change.shape.clone_into(&mut head.shape);
        head.rows = change.rows;
        head.inputs.extend(change.inputs.iter().cloned());
        let mut states = self.changed("states", &before.states, change.states.iter().map(|(key, _)| *key)).await?;
        for (identity, bytes) in &change.states {
            let entries = states.shards.entry(shard_of(identity, states.objects.bits)).or_default();
            let entry = entries.entry((*identity).to_owned()).or_insert_with(|| {
                head.places += 1;
                (head.places - 1, Vec::new())
            });
            entry.1.clone_from(bytes);
        }
        let mut seen = self.changed("seen", &before.seen, change.seen.iter().copied()).await?;
        for id in &change.seen {
            let entries = seen.shards.entry(shard_of(id, seen.objects.bits)).or_default();
            entries.insert((*id).to_owned(), (0, Vec::new()));
        }
        let folder = format!("data/{:012}-{}", head.generation, head.batch);
        head.states = self.put_changed(states, &folder).await?;
        head.seen = self.put_changed(seen, &folder).await?;
        let etag = self.put_head(&head).await?;
        self.sweep(&head).await;
        self.read.borrow_mut().clear();
        self.opened.replace(Some(Rc::new(Opened { head, etag })));
        Ok(())
    }

    /// The shards that a batch touches, as they are.
    async fn changed(
        &self,
        kind: &'static str,
        objects: &Objects,
        keys: impl Iterator<Item = &str>,
    ) -> Result<Changed, IoError> {
        let mut touched: Vec<usize> = keys.map(|key| shard_of(key, objects.bits)).collect();
        touched.sort_unstable();
        touched.dedup();
        self.fetch(touched.iter().filter_map(|shard| objects.names[*shard].as_ref())).await?;
        let read = self.read.borrow();
        let entries = |shard: usize| objects.names[shard].as_ref().and_then(|name| read.get(name)).cloned();
        let shards = touched.into_iter().map(|shard| (shard, entries(shard).unwrap_or_default())).collect();
        Ok(Changed { kind, objects: objects.clone(), shards })
    }

    /// Writes changed shards under new names.
    async fn put_changed(&self, mut changed: Changed, folder: &str) -> Result<Objects, IoError> {
        while changed.shards.values().any(|entries| size(entries) > SHARD_BYTES && entries.len() > 1) {
            changed = self.doubled(changed).await?;
        }
        let Changed { kind, mut objects, shards } = changed;
        let written: Vec<(usize, String)> = stream::iter(shards)
            .map(|(shard, entries)| async move {
                let name = format!("{folder}/{kind}-{shard:05}.gz");
                let body = pack(&entries).map_err(|cause| self.damaged(cause.to_string()))?;
                let put = self.client.put_object().bucket(&self.bucket).key(format!("{}{name}", self.prefix));
                put.body(ByteStream::from(body)).send().await.map_err(|error| self.failed(&error))?;
                Ok::<_, IoError>((shard, name))
            })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        for (shard, name) in written {
            objects.names[shard] = Some(name);
        }
        Ok(objects)
    }

    /// The same map in twice as many shards, all of which are to be written.
    async fn doubled(&self, changed: Changed) -> Result<Changed, IoError> {
        let Changed { kind, objects, mut shards } = changed;
        self.fetch(objects.names.iter().flatten()).await?;
        for (shard, name) in objects.names.iter().enumerate() {
            let as_read = || name.as_ref().and_then(|name| self.read.borrow().get(name).cloned()).unwrap_or_default();
            shards.entry(shard).or_insert_with(as_read);
        }
        let bits = objects.bits + 1;
        let mut split: BTreeMap<usize, Entries> = BTreeMap::new();
        for (key, entry) in shards.into_values().flatten() {
            split.entry(shard_of(&key, bits)).or_default().insert(key, entry);
        }
        Ok(Changed { kind, objects: Objects { bits, names: vec![None; 1 << bits] }, shards: split })
    }

    /// The one step that makes the batch count; gives the head's tag.
    async fn put_head(&self, head: &Stored) -> Result<String, IoError> {
        let text = serde_json::to_vec(head).map_err(|error| self.damaged(error.to_string()))?;
        let put = self.client.put_object().bucket(&self.bucket).key(self.head_key()).body(ByteStream::from(text));
        let put = match self.opened() {
            Some(opened) => put.if_match(&opened.etag),
            None => put.if_none_match("*"),
        };
        let error = match put.send().await {
            Ok(put) => return Ok(put.e_tag.unwrap_or_default()),
            Err(error) => error,
        };
        if !matches!(error.code(), Some("PreconditionFailed" | "ConditionalRequestConflict" | "NoSuchKey")) {
            return Err(self.failed(&error));
        }
        // A request that was sent again after its answer got lost finds its own head.
        match self.head_now().await?.filter(|now| now.head.batch == head.batch) {
            Some(now) => Ok(now.etag),
            None => Err(IoError::StateOvertaken { place: self.place() }),
        }
    }

    /// Removes what no head names any more, of this batch and of batches that died. What stays because of a
    /// failure costs space only, and the next batch removes it.
    async fn sweep(&self, head: &Stored) {
        let named: Vec<&String> = head.states.names.iter().chain(&head.seen.names).flatten().collect();
        let listed = self.client.list_objects_v2().bucket(&self.bucket).prefix(format!("{}data/", self.prefix));
        let mut pages = listed.into_paginator().send();
        while let Some(Ok(page)) = pages.next().await {
            let keys = page.contents.unwrap_or_default().into_iter().filter_map(|object| object.key);
            let garbage = keys.filter(|key| {
                let name = &key[self.prefix.len()..];
                let generation = name["data/".len()..].split('-').next().and_then(|number| number.parse::<u64>().ok());
                generation.is_some_and(|generation| generation <= head.generation)
                    && !named.iter().any(|known| *known == name)
            });
            let removals = garbage.map(|key| self.client.delete_object().bucket(&self.bucket).key(key).send());
            stream::iter(removals.collect::<Vec<_>>()).buffer_unordered(AT_ONCE).for_each(|_| async {}).await;
        }
    }
}

impl StateStore for S3State {
    fn place(&self) -> String {
        format!("s3://{}/{}", self.bucket, self.prefix)
    }

    fn head(&self) -> Result<Option<Head>, IoError> {
        let head = |opened: Rc<Opened>| Head {
            shape: opened.head.shape.clone(),
            rows: opened.head.rows,
            inputs: opened.head.inputs.clone(),
        };
        Ok(self.opened().map(head))
    }

    fn load(&self, identities: &[&str]) -> Result<Vec<(String, Vec<u8>)>, IoError> {
        let Some(opened) = self.opened() else { return Ok(Vec::new()) };
        let found = self.entries(&opened.head.states, identities)?;
        let state = |(identity, entry): (&&str, Option<Entry>)| Some(((*identity).to_owned(), entry?.1));
        Ok(identities.iter().zip(found).filter_map(state).collect())
    }

    fn all(&self) -> Result<Vec<(String, Vec<u8>)>, IoError> {
        let Some(opened) = self.opened() else { return Ok(Vec::new()) };
        let names: Vec<&String> = opened.head.states.names.iter().flatten().collect();
        self.aws.wait(self.fetch(names.iter().copied()))?;
        let read = self.read.borrow();
        let entries = names.iter().filter_map(|name| read.get(*name)).flatten();
        let mut all: Vec<(&String, &Entry)> = entries.collect();
        all.sort_by_key(|(_, (place, _))| *place);
        Ok(all.into_iter().map(|(identity, (_, bytes))| (identity.clone(), bytes.clone())).collect())
    }

    fn seen(&self, ids: &[&str]) -> Result<Vec<bool>, IoError> {
        let Some(opened) = self.opened() else { return Ok(vec![false; ids.len()]) };
        Ok(self.entries(&opened.head.seen, ids)?.iter().map(Option::is_some).collect())
    }

    fn commit(&self, change: &StateChange<'_>) -> Result<(), IoError> {
        self.aws.wait(self.write(change))
    }
}

/// Tells batches apart.
pub(crate) fn nonce() -> String {
    let mut bytes = [0; 8];
    // Without the system's source of chance the clock must do.
    if getrandom::fill(&mut bytes).is_err() {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        bytes = (now.as_nanos() as u64 ^ u64::from(std::process::id())).to_le_bytes();
    }
    format!("{:016x}", u64::from_le_bytes(bytes))
}
