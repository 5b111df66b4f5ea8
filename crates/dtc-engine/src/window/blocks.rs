//! Stored blocks of one identity as windows see them: their times and places among its records, found by their start.
//! Refuses to hold values, so that they stay what they are while values change.

use std::cmp::Ordering;

use dtc_expr::{DateTime, Mode, Value};
use dtc_lang::document::WindowKind;

use crate::calendar;
use crate::output::{Record, RecordKey};
use crate::plan_window::Bounds;

pub(super) const DAY_MICROS: i64 = 86_400_000_000;
const HOUR_MICROS: i64 = 3_600_000_000;

/// A stored block with its times.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// Its place in the store, among its aggregate's.
    pub(crate) nth: u32,
    /// Its place among all records.
    record: u32,
    pub(crate) start: Option<DateTime>,
    pub(crate) end: Option<DateTime>,
    /// Start as Blurr compares it where it reads by dimensions: as text.
    text: Option<Box<str>>,
}

impl Block {
    /// An edge of a window.
    fn at(start: DateTime) -> Block {
        Block { nth: u32::MAX, record: u32::MAX, start: Some(start), end: None, text: None }
    }

    /// What the block holds, of the records that it was found among.
    #[inline]
    pub(crate) fn values<'r>(&self, records: &'r [Record]) -> &'r [Value] {
        &records[self.record as usize].values
    }

    fn micros(&self) -> Option<i64> {
        self.start.map(|start| start.micros)
    }
}

/// The blocks of one aggregate.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    pub(super) aggregate: usize,
    /// In the order of the store.
    pub(super) all: Vec<Block>,
    /// Places of those that have a start, in order of it, in that of the store on ties; `None` where `all` is
    /// that.
    sorted: Option<Vec<u32>>,
    /// Whether starts are compared as text.
    by_text: bool,
}

impl Blocks {
    pub(super) fn of(aggregate: usize, records: &[Record], mode: Mode) -> Blocks {
        let own = records.iter().zip(0..).filter(|(record, _)| record.aggregate == aggregate);
        let mut by_text = false;
        let block = |(nth, (Record { key, values, .. }, record)): (u32, (&Record, u32))| {
            let start = as_datetime(&values[1]);
            let as_text = mode == Mode::Blurr && matches!(key, RecordKey::Dimensions(_));
            let text = start.filter(|_| as_text).map(|start| start.isoformat().into_boxed_str());
            by_text |= as_text;
            Block { nth, record, start, end: as_datetime(&values[2]), text }
        };
        let all: Vec<Block> = (0..).zip(own).map(block).collect();
        let in_order = all.iter().all(|block| block.start.is_some()) && all.is_sorted_by(|a, b| compare(a, b).is_le());
        let sorted = (!in_order).then(|| {
            let with_start = all.iter().filter(|block| block.start.is_some());
            let mut sorted: Vec<u32> = with_start.map(|block| block.nth).collect();
            sorted.sort_by(|a, b| compare(&all[*a as usize], &all[*b as usize]));
            sorted
        });
        Blocks { aggregate, all, sorted, by_text }
    }

    /// Blocks that have a start.
    fn len(&self) -> usize {
        self.sorted.as_ref().map_or(self.all.len(), Vec::len)
    }

    /// The nth of them in order of start.
    fn place(&self, nth: usize) -> usize {
        self.sorted.as_ref().map_or(nth, |sorted| sorted[nth] as usize)
    }

    /// How many of them come before the first for which it does not hold.
    fn count(&self, holds: impl Fn(&Block) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if holds(&self.all[self.place(middle)]) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Puts the places of the blocks in a window into `found`, ascending by start, or tells what is lacking.
    pub(super) fn members(&self, bounds: &Bounds, anchor: &Block, found: &mut Vec<u32>) -> Result<(), String> {
        found.clear();
        let [lower, upper] = &edges(bounds, anchor)?;
        if bounds.kind == WindowKind::Count {
            return self.counted(bounds.value, anchor, found);
        }
        let after = |block: &Block| {
            let order = compare(block, lower);
            order.is_gt() || (bounds.include_lower && order.is_eq())
        };
        let before = |block: &Block| {
            let order = compare(block, upper);
            order.is_lt() || (bounds.include_upper && order.is_eq())
        };
        if self.by_text && lower.text.is_none() {
            // Their order is another than that of the edges.
            let places = (0..self.len()).map(|nth| self.place(nth));
            let inside = places.filter(|place| after(&self.all[*place]) && before(&self.all[*place]));
            found.extend(inside.map(|place| place as u32));
        } else {
            let (from, until) = (self.count(|block| !after(block)), self.count(before));
            found.extend((from..until).map(|nth| self.place(nth) as u32));
        }
        if found.is_empty() {
            let unit = if bounds.kind == WindowKind::Day { "days" } else { "hours" };
            let side = if bounds.value < 0 { "before" } else { "after" };
            return Err(format!("no block in the {} {unit} {side} the anchor", bounds.value.unsigned_abs()));
        }
        Ok(())
    }

    /// The nearest blocks strictly before (negative) or after (positive) the anchor; all of them or none.
    fn counted(&self, value: i64, anchor: &Block, found: &mut Vec<u32>) -> Result<(), String> {
        let wanted = usize::try_from(value.unsigned_abs()).unwrap_or(usize::MAX);
        if self.by_text && anchor.text.is_none() {
            // Their order is another than that of the anchor.
            let side = if value < 0 { Ordering::Less } else { Ordering::Greater };
            let places = (0..self.len()).map(|nth| self.place(nth) as u32);
            found.extend(places.filter(|place| compare(&self.all[*place as usize], anchor) == side));
        } else {
            let range = match value < 0 {
                true => 0..self.count(|block| compare(block, anchor).is_lt()),
                false => self.count(|block| compare(block, anchor).is_le())..self.len(),
            };
            found.extend(range.map(|nth| self.place(nth) as u32));
        }
        if found.len() < wanted {
            let side = if value < 0 { "before" } else { "after" };
            return Err(format!("{} of {wanted} blocks {side} the anchor", found.len()));
        }
        if value < 0 {
            found.drain(..found.len() - wanted);
        } else {
            found.truncate(wanted);
        }
        Ok(())
    }
}

fn as_datetime(value: &Value) -> Option<DateTime> {
    match value {
        Value::DateTime(time) => Some(*time),
        _ => None,
    }
}

/// Order by start: as instants, or as text where Blurr does so (LANGUAGE.md B.9).
fn compare(a: &Block, b: &Block) -> Ordering {
    match (&a.text, &b.text) {
        (Some(a), Some(b)) => a.cmp(b),
        _ => a.micros().cmp(&b.micros()),
    }
}

/// Where a window in time begins and ends; without times where it counts blocks.
pub(crate) fn edges(bounds: &Bounds, anchor: &Block) -> Result<[Block; 2], String> {
    let Some(start) = anchor.start else { return Err("the anchor has no start time".to_string()) };
    let own = Block { text: anchor.text.clone(), ..Block::at(start) };
    let unit = match bounds.kind {
        WindowKind::Count => return Ok([Block::default(), Block::default()]),
        WindowKind::Day => DAY_MICROS,
        WindowKind::Hour => HOUR_MICROS,
    };
    let far = start.micros.saturating_add(bounds.value.saturating_mul(unit));
    let far = DateTime { micros: far, offset: start.offset };
    let edge = Block { text: anchor.text.as_ref().map(|_| far.isoformat().into_boxed_str()), ..Block::at(far) };
    if let Some(zone) = &bounds.calendar {
        let edges = calendar::edges(zone, bounds.kind, bounds.value, start.micros);
        let edges = edges.ok_or_else(|| "the window leaves the calendar".to_string())?;
        return Ok(edges.map(|micros| Block::at(DateTime { micros, offset: start.offset })));
    }
    Ok(if bounds.value < 0 { [edge, own] } else { [own, edge] })
}
