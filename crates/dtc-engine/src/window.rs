//! The window document over one identity's stored blocks: anchors, windows, rows (LANGUAGE.md B.10). Records are
//! lent: nothing of them is copied but what an expression looks at.

mod again;
mod blocks;
mod looks;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use dtc_expr::{Dict, EvalError, EvalErrorKind, Flavor, Mode, Value};
use dtc_lang::document::{AsOf, MaxPer};
use dtc_lang::scopes::{ANCHOR, SOURCE};

use crate::identity::{Worker, restored};
use crate::output::{DroppedRow, Record, RowColumns, WindowRow};
use crate::past::Past;
use crate::pick;
use crate::plan_window::{Bounds, WindowAggregatePlan, WindowPlan};
use crate::record::{Note, Recorder};
use crate::run::Stopped;
use blocks::DAY_MICROS;

pub(crate) use again::WindowPart;
pub(crate) use blocks::{Block, Blocks, edges};
pub(crate) use looks::{Looks, Sight};

/// An identity's window rows, and the anchors that gave none.
pub(crate) type Laid = (Vec<WindowRow>, Vec<DroppedRow>);

/// What windows are laid over.
#[derive(Clone, Copy)]
struct Ground<'g> {
    blocks: &'g [Blocks],
    records: &'g [Record],
    past: &'g [Past],
}

impl<'g> Ground<'g> {
    fn blocks_of(&self, aggregate: usize) -> &'g [Block] {
        self.blocks.iter().find(|blocks| blocks.aggregate == aggregate).map_or(&[], |blocks| &blocks.all)
    }
}

/// What one row leaves for the next to be filled again.
#[derive(Default)]
pub(crate) struct Laying {
    /// By aggregate of the window document: the values that a row begins with, the worker's own.
    defaults: Vec<Vec<Value>>,
    /// The places of the blocks in its window.
    members: Vec<Vec<u32>>,
    /// Whether there were too few, and the row is kept.
    lacking: Vec<bool>,
    /// `source` as it was.
    sources: Vec<Option<Value>>,
    anchor: Option<Value>,
    /// A worker's own, so that no other thread counts its references.
    columns: Arc<RowColumns>,
}

impl Laying {
    fn ready(&mut self, window: &WindowPlan) {
        let count = window.aggregates.len();
        if self.defaults.len() != count {
            self.defaults = window.aggregates.iter().map(WindowAggregatePlan::defaults).collect();
            self.members = vec![Vec::new(); count];
            self.lacking = vec![false; count];
            self.sources = vec![None; count];
            self.columns = Arc::new(RowColumns::clone(&window.columns));
        }
    }
}

impl<'p, R: Recorder> Worker<'p, R> {
    /// Lays the windows over the identity's records and what it showed before.
    pub(crate) fn windows(
        &mut self,
        window: &'p WindowPlan,
        blocks: &[Blocks],
        records: &[Record],
        past: &[Past],
    ) -> Result<Laid, Stopped> {
        let ground = Ground { blocks, records, past };
        let mut laying = std::mem::take(&mut self.laying);
        laying.ready(window);
        self.show_last(&window.looks, records);
        let done = self.lay(window, &ground, &mut laying);
        self.laying = laying;
        done
    }

    /// The blocks that windows look at.
    pub(crate) fn blocks_among(&self, window: &WindowPlan, records: &[Record]) -> Vec<Blocks> {
        window.sources.iter().map(|aggregate| Blocks::of(*aggregate, records, self.plan.mode)).collect()
    }

    fn lay(&mut self, window: &'p WindowPlan, ground: &Ground<'_>, laying: &mut Laying) -> Result<Laid, Stopped> {
        let mut rows = Vec::new();
        let mut dropped = Vec::new();
        let tested = ground.blocks_of(window.anchor);
        let mut counts: FxHashMap<Option<i64>, i64> = FxHashMap::default();
        let start = |place: usize| tested[place].start.map(|start| start.micros);
        for place in pick::order(window.pick, &self.identity, tested.len(), start) {
            let block = &tested[place];
            self.tell(Note::Tried { block });
            let period = period(block, window.max_per);
            if window.max.is_some_and(|max| counts.get(&period).copied().unwrap_or(0) >= max) {
                self.tell(Note::Full);
                continue;
            }
            if !self.is_anchor(window, block, ground, laying)? {
                continue;
            }
            self.begin_row(laying);
            let holds = self.holds(window.when.as_ref())?;
            if !holds && self.plan.mode == Mode::Studio {
                continue;
            }
            let outcome = if holds { self.row(window, block, ground, laying)? } else { Ok(()) };
            match outcome {
                Ok(()) => {
                    if window.max.is_some() {
                        *counts.entry(period).or_default() += 1;
                    }
                    self.tell(Note::Row);
                    let first = self.plan.aggregates.len();
                    let cells = self.frame.groups[first..].iter_mut().flatten();
                    let values = match window.asks_rows {
                        true => cells.map(|value| value.clone()).collect(),
                        false => cells.map(std::mem::take).collect(),
                    };
                    let (nth, columns) = (place as u32, laying.columns.clone());
                    rows.push(WindowRow { anchor: block.start, nth, columns, values });
                }
                Err(reason) => dropped.push((place, DroppedRow { anchor: block.start, reason })),
            }
        }
        // In the order of the store, in whatever order they were tested.
        rows.sort_by_key(|row: &WindowRow| row.nth);
        dropped.sort_by_key(|(place, _)| *place);
        Ok((rows, dropped.into_iter().map(|(_, dropped)| dropped).collect()))
    }

    /// Blurr shows each aggregate as it was stored last.
    fn show_last(&mut self, looks: &Looks, records: &[Record]) {
        for (index, slots) in &looks.last {
            let last = records.iter().rfind(|record| record.aggregate == *index).map(|record| &record.values[..]);
            let width = self.plan.aggregates[*index].columns.len();
            let group = &mut self.frame.groups[*index];
            if group.len() != width {
                group.clear();
                group.resize(width, Value::None);
            }
            for slot in slots {
                let value = match last {
                    Some(values) => self.restored(*index, *slot, values),
                    None => self.defaults[*index][*slot].clone(),
                };
                self.frame.groups[*index][*slot] = value;
            }
        }
    }

    /// A slot of a record, as a store gives it back.
    fn restored(&self, index: usize, slot: usize, values: &[Value]) -> Value {
        restored(&values[slot], self.plan.aggregates[index].columns[slot].1, self.plan.mode)
    }

    /// Makes the block the current one and asks the anchor's condition.
    fn is_anchor(
        &mut self,
        window: &'p WindowPlan,
        block: &Block,
        ground: &Ground<'_>,
        laying: &mut Laying,
    ) -> Result<bool, Stopped> {
        self.show(window, &window.condition_looks, block, ground);
        self.frame.variables[ANCHOR.0 as usize] = None;
        self.frame.variables[SOURCE.0 as usize] = None;
        // Most blocks are no anchors, and most conditions name the block's aggregate instead.
        let asks = window.asks_anchor;
        if asks {
            self.show_anchor(window, &window.looks.anchor, &window.condition_looks.block, block, (ground, laying));
        }
        let held = self.holds(Some(&window.condition))?;
        if held {
            self.show(window, &window.row_looks, block, ground);
        }
        if held && !asks {
            self.show_anchor(window, &window.looks.anchor, &window.condition_looks.block, block, (ground, laying));
        }
        Ok(held)
    }

    /// What expressions look at of the block and of identity aggregates as of it, so that no feature sees the
    /// future (LANGUAGE.md A.8).
    fn show(&mut self, window: &WindowPlan, looks: &Looks, block: &Block, ground: &Ground<'_>) {
        for slot in &looks.block {
            let value = self.restored(window.anchor, *slot, block.values(ground.records));
            self.frame.groups[window.anchor][*slot] = value;
        }
        if looks.past.is_empty() {
            return;
        }
        let moment = if window.as_of == AsOf::End { block.end } else { block.start };
        let moment = moment.map_or(i64::MIN, |moment| moment.micros);
        for (place, index, slots) in &looks.past {
            let seen = ground.past[*place].at(moment).unwrap_or(&self.defaults[*index]);
            for slot in slots {
                self.frame.groups[*index][*slot].clone_from(&seen[*slot]);
            }
        }
    }

    /// The current block as `anchor`. The condition may have changed some slots in the frame.
    fn show_anchor(
        &mut self,
        window: &WindowPlan,
        columns: &[(usize, Arc<str>)],
        in_frame: &[usize],
        block: &Block,
        (ground, laying): (&Ground<'_>, &mut Laying),
    ) {
        let value = |slot: usize| match in_frame.contains(&slot) {
            true => self.frame.groups[window.anchor][slot].clone(),
            false => self.restored(window.anchor, slot, block.values(ground.records)),
        };
        let old = laying.anchor.take();
        let shown = refilled(old, columns, |slot, place: &mut Value| *place = value(slot));
        if window.reuses {
            laying.anchor = Some(shown.clone());
        }
        self.frame.variables[ANCHOR.0 as usize] = Some(shown);
    }

    /// Makes every field of the window document what it is at the beginning of a row.
    fn begin_row(&mut self, laying: &Laying) {
        let first = self.plan.aggregates.len();
        self.frame.groups.resize(first + laying.defaults.len(), Vec::new());
        for (group, defaults) in self.frame.groups[first..].iter_mut().zip(&laying.defaults) {
            group.clone_from(defaults);
        }
    }

    /// Evaluates every aggregate for an anchor; the reason when a window lacks data.
    fn row(
        &mut self,
        window: &'p WindowPlan,
        anchor: &Block,
        ground: &Ground<'_>,
        laying: &mut Laying,
    ) -> Result<Result<(), String>, Stopped> {
        for (place, aggregate) in window.aggregates.iter().enumerate() {
            let Some(bounds) = &aggregate.window else { continue };
            if self.plan.mode == Mode::Blurr {
                refuse_timeless(aggregate, ground.blocks_of(bounds.source))?;
            }
            if let Err(reason) = self.members((place, bounds), anchor, ground, laying)
                && !bounds.keep_missing
            {
                return Ok(Err(format!("{}: {reason}", aggregate.name)));
            }
        }
        for (place, aggregate) in window.aggregates.iter().enumerate() {
            let index = self.plan.aggregates.len() + place;
            let lists = aggregate.window.as_ref().map_or(&[][..], |bounds| &bounds.lists);
            self.show_source(window, (place, lists), ground, laying);
            self.frame.groups[index][0] = Value::Str(self.identity.clone());
            if !laying.lacking[place] && self.holds(aggregate.when.as_ref())? {
                for field in &aggregate.fields {
                    self.field(index, field)?;
                }
            }
            self.keep_source(window, place, laying);
        }
        Ok(Ok(()))
    }

    /// Finds the blocks in the window of an aggregate.
    fn members(
        &mut self,
        (place, bounds): (usize, &Bounds),
        anchor: &Block,
        ground: &Ground<'_>,
        laying: &mut Laying,
    ) -> Result<(), String> {
        let aggregate = self.plan.aggregates.len() + place;
        let known = ground.blocks.iter().find(|blocks| blocks.aggregate == bounds.source);
        let Some(blocks) = known else { return Ok(()) };
        let found = blocks.members(bounds, anchor, &mut laying.members[place]);
        laying.lacking[place] = found.is_err();
        match &found {
            Ok(()) if R::LISTENS => {
                let places = laying.members[place].iter();
                let blocks = places.map(|place| &blocks.all[*place as usize]);
                let members: Vec<_> = blocks.map(|block| (block, block.values(ground.records))).collect();
                self.tell(Note::Members { aggregate, bounds, anchor, members: &members });
            }
            Ok(()) => {}
            Err(reason) => self.tell(Note::Missing { aggregate, bounds, anchor, reason }),
        }
        found
    }

    /// `source` of an aggregate: each field as the list of the members' values. Blurr leaves it to what follows.
    /// `lists`: the columns that somebody looks at.
    fn show_source(
        &mut self,
        window: &WindowPlan,
        (place, lists): (usize, &[(usize, Arc<str>)]),
        ground: &Ground<'_>,
        laying: &mut Laying,
    ) {
        let bounds = match &window.aggregates[place].window {
            None if self.plan.mode == Mode::Blurr => return,
            bounds => bounds.as_ref().filter(|_| !laying.lacking[place]),
        };
        let old = laying.sources[place].take();
        self.frame.variables[SOURCE.0 as usize] = bounds.map(|bounds| {
            let blocks = ground.blocks_of(bounds.source);
            let members = &laying.members[place];
            refilled(old, lists, |slot, list: &mut Value| {
                let values = members.iter().map(|member| blocks[*member as usize].values(ground.records)[slot].clone());
                if let Value::List(Flavor::Plain, items) = list
                    && let Some(items) = Arc::get_mut(items)
                {
                    items.clear();
                    items.extend(values);
                } else {
                    *list = Value::list(values.collect());
                }
            })
        });
    }

    /// Takes `source` back, to fill it again for the next row.
    fn keep_source(&mut self, window: &WindowPlan, place: usize, laying: &mut Laying) {
        if window.reuses && window.aggregates[place].window.is_some() {
            laying.sources[place] = self.frame.variables[SOURCE.0 as usize].take();
        }
    }
}

/// A record of columns, the old one where nobody else has it. `fill` gives each column its value.
fn refilled(old: Option<Value>, columns: &[(usize, Arc<str>)], fill: impl Fn(usize, &mut Value)) -> Value {
    if let Some(Value::Dict(Flavor::Record, mut fields)) = old
        && let Some(own) = Arc::get_mut(&mut fields)
        && own.len() == columns.len()
    {
        own.values_mut().zip(columns).for_each(|(value, (slot, _))| fill(*slot, value));
        return Value::Dict(Flavor::Record, fields);
    }
    let field = |(slot, name): &(usize, Arc<str>)| {
        let mut value = Value::None;
        fill(*slot, &mut value);
        (Value::Str(name.clone()), value)
    };
    Value::Dict(Flavor::Record, Arc::new(columns.iter().map(field).collect::<Dict>()))
}

/// A record of a block that no event entered ends Blurr's run where a window compares its time (B.17.12).
fn refuse_timeless(aggregate: &WindowAggregatePlan, blocks: &[Block]) -> Result<(), Stopped> {
    if blocks.iter().all(|block| block.start.is_some()) {
        return Ok(());
    }
    let message = "'<' not supported between instances of 'datetime.datetime' and 'NoneType'".to_string();
    let error = EvalError { kind: EvalErrorKind::TypeError, message };
    Err(Stopped::Aborted { place: aggregate.name.to_string(), error })
}

/// What `Max` counts by: the calendar day in the block's own offset, or everything together.
fn period(block: &Block, max_per: MaxPer) -> Option<i64> {
    match max_per {
        MaxPer::Day => block
            .start
            .map(|start| (start.micros + i64::from(start.offset.unwrap_or(0)) * 1_000_000).div_euclid(DAY_MICROS)),
        MaxPer::Identity | MaxPer::Run => None,
    }
}
