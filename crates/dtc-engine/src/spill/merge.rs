//! Runs of a stream merged in order of first appearance.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;

use super::bytes::{Decoder, Objects};
use super::streams::Run;
use super::{Aside, Key};

/// Gives one entry after the other; a block of each run is in memory.
pub(super) struct Merged<'a> {
    aside: &'a dyn Aside,
    objects: &'a Objects,
    cursors: Vec<Cursor<'a>>,
    /// Keys of the next entries with their runs.
    next: BinaryHeap<Reverse<(Key, usize)>>,
    /// The run whose entry was given last.
    last: Option<usize>,
}

struct Cursor<'a> {
    run: &'a Run,
    /// The next block.
    block: usize,
    decoder: Decoder<'a>,
}

impl<'a> Merged<'a> {
    pub(super) fn new(runs: &'a [Run], objects: &'a Objects, aside: &'a dyn Aside) -> io::Result<Merged<'a>> {
        let cursor = |run| Cursor { run, block: 0, decoder: Decoder::new(Vec::new(), objects) };
        let cursors = runs.iter().map(cursor).collect();
        let mut merged = Merged { aside, objects, cursors, next: BinaryHeap::new(), last: None };
        (0..runs.len()).try_for_each(|run| merged.advance(run))?;
        Ok(merged)
    }

    /// The next entry, to be read to its end before the next call.
    pub(super) fn next(&mut self) -> io::Result<Option<&mut Decoder<'a>>> {
        if let Some(last) = self.last.take() {
            self.advance(last)?;
        }
        let Some(Reverse((_, run))) = self.next.pop() else { return Ok(None) };
        self.last = Some(run);
        Ok(Some(&mut self.cursors[run].decoder))
    }

    /// To the next entry of a run.
    fn advance(&mut self, run: usize) -> io::Result<()> {
        let cursor = &mut self.cursors[run];
        if cursor.decoder.is_done() {
            let Some(spot) = cursor.run.get(cursor.block) else { return Ok(()) };
            cursor.decoder = Decoder::new(self.aside.get(*spot)?, self.objects);
            cursor.block += 1;
        }
        self.next.push(Reverse((cursor.decoder.fixed()?, run)));
        Ok(())
    }
}
