//! Names of channels as small numbers, in the order of their first appearance.

use std::hash::BuildHasherDefault;

use indexmap::IndexSet;
use rustc_hash::FxHasher;

/// Index of a channel in its `Names`.
pub type Channel = u32;

#[derive(Debug, Clone, Default)]
pub struct Names {
    set: IndexSet<Box<str>, BuildHasherDefault<FxHasher>>,
}

impl Names {
    /// The number of a name, which is new if nobody asked for it before.
    pub fn intern(&mut self, name: &str) -> Channel {
        let index = match self.set.get_index_of(name) {
            Some(index) => index,
            None => self.set.insert_full(name.into()).0,
        };
        Channel::try_from(index).expect("four billion names do not fit into memory")
    }

    pub fn find(&self, name: &str) -> Option<Channel> {
        self.set.get_index_of(name).map(|index| index as Channel)
    }

    /// Empty for a number that was never given.
    pub fn name(&self, channel: Channel) -> &str {
        self.set.get_index(channel as usize).map_or("", |name| name)
    }

    pub fn len(&self) -> usize {
        self.set.len()
    }

    pub fn is_empty(&self) -> bool {
        self.set.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.set.iter().map(|name| &**name)
    }

    /// The channels by name (bytes), the order in which tables list them.
    pub fn sorted(&self) -> Vec<Channel> {
        let mut order: Vec<Channel> = (0..self.set.len() as Channel).collect();
        order.sort_by(|a, b| self.name(*a).cmp(self.name(*b)));
        order
    }
}
