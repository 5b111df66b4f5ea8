//! Cases in numbered places that are used again. Grows by blocks, so that ten million open decisions are
//! never copied to a larger array.

const BLOCK: usize = 4096;

#[derive(Debug)]
pub(super) struct Slab<T> {
    blocks: Vec<Vec<Option<T>>>,
    free: Vec<u32>,
    held: usize,
}

impl<T> Slab<T> {
    pub(super) fn new() -> Slab<T> {
        Slab { blocks: Vec::new(), free: Vec::new(), held: 0 }
    }

    pub(super) fn add(&mut self, value: T) -> u32 {
        self.held += 1;
        if let Some(place) = self.free.pop() {
            self.blocks[place as usize / BLOCK][place as usize % BLOCK] = Some(value);
            return place;
        }
        if self.blocks.last().is_none_or(|block| block.len() == BLOCK) {
            self.blocks.push(Vec::with_capacity(BLOCK));
        }
        let last = self.blocks.len() - 1;
        self.blocks[last].push(Some(value));
        (last * BLOCK + self.blocks[last].len() - 1) as u32
    }

    pub(super) fn get(&self, place: u32) -> Option<&T> {
        self.blocks.get(place as usize / BLOCK)?.get(place as usize % BLOCK)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, place: u32) -> Option<&mut T> {
        self.blocks.get_mut(place as usize / BLOCK)?.get_mut(place as usize % BLOCK)?.as_mut()
    }

    pub(super) fn remove(&mut self, place: u32) -> Option<T> {
        let value = self.blocks.get_mut(place as usize / BLOCK)?.get_mut(place as usize % BLOCK)?.take()?;
        self.free.push(place);
        self.held -= 1;
        Some(value)
    }

    pub(super) fn len(&self) -> usize {
        self.held
    }

    /// By place.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.blocks.iter().flatten().flatten()
    }
}
