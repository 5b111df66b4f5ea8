//! The window document over one identity's stored blocks: anchors, windows, rows (LANGUAGE.md B.10).

use std::sync::Arc;

use rustc_hash::FxHashMap;

use dtc_expr::{DateTime, Dict, EvalError, EvalErrorKind, Flavor, Mode, Value};
use dtc_lang::document::{AsOf, MaxPer, WindowKind};
use dtc_lang::scopes::{ANCHOR, SOURCE};

use crate::calendar;
use crate::identity::Worker;
use crate::output::{DroppedRow, RecordKey, WindowRow};
use crate::pick;
use crate::plan_window::{Bounds, WindowAggregatePlan, WindowPlan};
use crate::record::{Note, Recorder};
use crate::run::Stopped;

const DAY_MICROS: i64 = 86_400_000_000;
const HOUR_MICROS: i64 = 3_600_000_000;

/// A stored block with its times.
#[derive(Default)]
pub(crate) struct Block {
    /// Its place in the store, among its aggregate's.
    pub(crate) nth: usize,
    pub(crate) start: Option<DateTime>,
    pub(crate) end: Option<DateTime>,
    /// Start as Blurr compares it where it reads by dimensions: as text.
    text: Option<String>,
    pub(crate) values: Vec<Value>,
}

impl Block {
    /// An edge of a window.
    fn at(start: DateTime) -> Block {
        Block { nth: usize::MAX, start: Some(start), end: None, text: None, values: Vec::new() }
    }
}

/// Blocks of each aggregate that the document names, in the order of the store.
type Blocks = FxHashMap<usize, Vec<Block>>;

impl<'p, R: Recorder> Worker<'p, R> {
    pub(crate) fn windows(&mut self, window: &'p WindowPlan) -> Result<(Vec<WindowRow>, Vec<DroppedRow>), Stopped> {
        self.load_final_states();
        let blocks = self.blocks(window);
        let mut rows = Vec::new();
        let mut dropped = Vec::new();
        let tested = blocks.get(&window.anchor).map_or(&[][..], Vec::as_slice);
        let starts: Vec<Option<i64>> = tested.iter().map(|block| block.start.map(|start| start.micros)).collect();
        let mut counts: FxHashMap<Option<i64>, i64> = FxHashMap::default();
        for place in pick::order(window.pick, &self.identity, &starts) {
            let block = &tested[place];
            let period = period(block.start, window.max_per);
            let count = counts.entry(period).or_default();
            self.tell(Note::Tried { block });
            if window.max.is_some_and(|max| *count >= max) {
                self.tell(Note::Full);
                continue;
            }
            if !self.is_anchor(window, block)? {
                continue;
            }
            self.frame.groups.truncate(self.plan.aggregates.len());
            self.frame.groups.extend(window.aggregates.iter().map(WindowAggregatePlan::defaults));
            let holds = self.holds(window.when.as_ref())?;
            if !holds && self.plan.mode == Mode::Studio {
                continue;
            }
            let outcome = if holds { self.row(window, block, &blocks)? } else { Ok(()) };
            match outcome {
                Ok(()) => {
                    *count += 1;
                    self.tell(Note::Row);
                    rows.push((place, WindowRow { anchor: block.start, cells: self.cells(window) }));
                }
                Err(reason) => dropped.push((place, DroppedRow { anchor: block.start, reason })),
            }
        }
        Ok((in_order(rows), in_order(dropped)))
    }

    /// Blurr shows each aggregate as it was stored last.
    fn load_final_states(&mut self) {
        for index in 0..self.plan.aggregates.len() {
            let last = self.store.of(index).last().map(|(_, values)| values.clone());
            match last {
                Some(values) => self.restore(index, &values),
                None => self.frame.groups[index].clone_from(&self.defaults[index]),
            }
        }
    }

    fn blocks(&self, window: &WindowPlan) -> Blocks {
        let mut wanted = vec![window.anchor];
        wanted.extend(
            window.aggregates.iter().filter_map(|aggregate| aggregate.window.as_ref()).map(|bounds| bounds.source),
        );
        wanted.sort_unstable();
        wanted.dedup();
        let block = |(nth, (key, values)): (usize, (&RecordKey, &Vec<Value>))| {
            let start = as_datetime(&values[1]);
            let by_text = self.plan.mode == Mode::Blurr && matches!(key, RecordKey::Dimensions(_));
            let text = start.filter(|_| by_text).map(|start| start.isoformat());
            Block { nth, start, end: as_datetime(&values[2]), text, values: values.clone() }
        };
        wanted.into_iter().map(|index| (index, self.store.of(index).enumerate().map(block).collect())).collect()
    }

    /// Makes the block the current one and asks the anchor's condition.
    fn is_anchor(&mut self, window: &'p WindowPlan, block: &Block) -> Result<bool, Stopped> {
        self.restore(window.anchor, &block.values);
        self.show_past(window, block);
        self.frame.variables[ANCHOR.0 as usize] = None;
        self.frame.variables[SOURCE.0 as usize] = None;
        // Most blocks are no anchors, and most conditions name the block's aggregate instead.
        let asks = window.asks_anchor;
        if asks {
            self.show_anchor(window);
        }
        let held = self.holds(Some(&window.condition))?;
        if held && !asks {
            self.show_anchor(window);
        }
        Ok(held)
    }

    /// The current block as `anchor`.
    fn show_anchor(&mut self, window: &WindowPlan) {
        let columns = &self.plan.aggregates[window.anchor].columns;
        let fields: Dict = columns
            .iter()
            .zip(&self.frame.groups[window.anchor])
            .map(|((name, _), value)| (Value::Str(name.clone()), value.clone()))
            .collect();
        self.frame.variables[ANCHOR.0 as usize] = Some(Value::Dict(Flavor::Record, Arc::new(fields)));
    }

    /// Identity aggregates as of the anchor, so that no feature sees the future (LANGUAGE.md A.8).
    fn show_past(&mut self, window: &WindowPlan, block: &Block) {
        let moment = match window.as_of {
            _ if self.plan.mode == Mode::Blurr => return,
            AsOf::Final => return,
            AsOf::Start => block.start,
            AsOf::End => block.end,
        };
        let moment = moment.map_or(i64::MIN, |moment| moment.micros);
        for (place, index) in window.remembered.iter().enumerate() {
            let seen = self.past[place].partition_point(|(from, _)| *from <= moment);
            self.frame.groups[*index] = match seen.checked_sub(1) {
                Some(last) => self.past[place][last].1.clone(),
                None => self.plan.aggregates[*index].defaults(),
            };
        }
    }

    /// Evaluates every aggregate for an anchor; the reason when a window lacks data.
    fn row(&mut self, window: &'p WindowPlan, anchor: &Block, blocks: &Blocks) -> Result<Result<(), String>, Stopped> {
        let mut sources = Vec::with_capacity(window.aggregates.len());
        for (place, aggregate) in window.aggregates.iter().enumerate() {
            if let (Some(bounds), Mode::Blurr) = (&aggregate.window, self.plan.mode) {
                refuse_timeless(aggregate, blocks.get(&bounds.source).map_or(&[], Vec::as_slice))?;
            }
            let Some(bounds) = &aggregate.window else {
                sources.push(None);
                continue;
            };
            let index = self.plan.aggregates.len() + place;
            match members(bounds, anchor, blocks.get(&bounds.source).map_or(&[], Vec::as_slice)) {
                Ok(members) => {
                    self.tell(Note::Members { aggregate: index, bounds, anchor, members: &members });
                    sources.push(Some(lists(bounds, &members)));
                }
                Err(reason) => {
                    self.tell(Note::Missing { aggregate: index, bounds, anchor, reason: &reason });
                    if !bounds.keep_missing {
                        return Ok(Err(format!("{}: {reason}", aggregate.name)));
                    }
                    sources.push(None);
                }
            }
        }
        for (place, (aggregate, source)) in window.aggregates.iter().zip(sources).enumerate() {
            let lacking = aggregate.window.is_some() && source.is_none();
            if aggregate.window.is_some() || self.plan.mode == Mode::Studio {
                self.frame.variables[SOURCE.0 as usize] = source;
            }
            let index = self.plan.aggregates.len() + place;
            self.frame.groups[index][0] = Value::Str(self.identity.clone());
            if lacking || !self.holds(aggregate.when.as_ref())? {
                continue;
            }
            for field in &aggregate.fields {
                self.field(index, field)?;
            }
        }
        Ok(Ok(()))
    }

    /// The row as cells; a map becomes one cell per key.
    fn cells(&self, window: &WindowPlan) -> Vec<(Arc<str>, Value)> {
        let mut cells = Vec::new();
        for (place, aggregate) in window.aggregates.iter().enumerate() {
            let group = &self.frame.groups[self.plan.aggregates.len() + place];
            for ((title, (name, _)), value) in aggregate.titles.iter().zip(&aggregate.columns).zip(group) {
                match value {
                    // Blurr drops the aggregate's name from such columns (LANGUAGE.md B.10).
                    Value::Dict(_, entries) => {
                        let prefix = if self.plan.mode == Mode::Blurr { name } else { title };
                        cells.extend(
                            entries
                                .iter()
                                .map(|(key, value)| (Arc::from(format!("{prefix}.{}", key.to_text())), value.clone())),
                        );
                    }
                    value => cells.push((title.clone(), value.clone())),
                }
            }
        }
        cells
    }
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

/// In the order of the store, in whatever order they were tested.
fn in_order<T>(mut found: Vec<(usize, T)>) -> Vec<T> {
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, item)| item).collect()
}

fn as_datetime(value: &Value) -> Option<DateTime> {
    match value {
        Value::DateTime(time) => Some(*time),
        _ => None,
    }
}

/// What `Max` counts by: the calendar day in the block's own offset, or everything together.
fn period(start: Option<DateTime>, max_per: MaxPer) -> Option<i64> {
    match max_per {
        MaxPer::Day => {
            start.map(|start| (start.micros + i64::from(start.offset.unwrap_or(0)) * 1_000_000).div_euclid(DAY_MICROS))
        }
        MaxPer::Identity | MaxPer::Run => None,
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
    let edge = Block { text: anchor.text.as_ref().map(|_| far.isoformat()), ..Block::at(far) };
    if let Some(zone) = &bounds.calendar {
        let edges = calendar::edges(zone, bounds.kind, bounds.value, start.micros);
        let edges = edges.ok_or_else(|| "the window leaves the calendar".to_string())?;
        return Ok(edges.map(|micros| Block::at(DateTime { micros, offset: start.offset })));
    }
    Ok(if bounds.value < 0 { [edge, own] } else { [own, edge] })
}

/// The blocks in a window, ascending by start, or what is lacking.
fn members<'b>(bounds: &Bounds, anchor: &Block, blocks: &'b [Block]) -> Result<Vec<&'b Block>, String> {
    let [lower, upper] = &edges(bounds, anchor)?;
    if bounds.kind == WindowKind::Count {
        return counted(bounds.value, anchor, blocks);
    }
    let inside = |block: &&Block| {
        let after = compare(block, lower);
        let before = compare(block, upper);
        (after.is_gt() || (bounds.include_lower && after.is_eq()))
            && (before.is_lt() || (bounds.include_upper && before.is_eq()))
    };
    let mut members: Vec<&Block> = blocks.iter().filter(|block| block.start.is_some()).filter(inside).collect();
    members.sort_by(|a, b| compare(a, b));
    if members.is_empty() {
        let unit = if bounds.kind == WindowKind::Day { "days" } else { "hours" };
        let side = if bounds.value < 0 { "before" } else { "after" };
        return Err(format!("no block in the {} {unit} {side} the anchor", bounds.value.unsigned_abs()));
    }
    Ok(members)
}

/// The nearest blocks strictly before (negative) or after (positive) the anchor; all of them or none.
fn counted<'b>(value: i64, anchor: &Block, blocks: &'b [Block]) -> Result<Vec<&'b Block>, String> {
    let side = if value < 0 { std::cmp::Ordering::Less } else { std::cmp::Ordering::Greater };
    let mut members: Vec<&Block> =
        blocks.iter().filter(|block| block.start.is_some() && compare(block, anchor) == side).collect();
    members.sort_by(|a, b| compare(a, b));
    let wanted = usize::try_from(value.unsigned_abs()).unwrap_or(usize::MAX);
    let found = members.len();
    if found < wanted {
        let side = if value < 0 { "before" } else { "after" };
        return Err(format!("{found} of {wanted} blocks {side} the anchor"));
    }
    if value < 0 {
        members.drain(..found - wanted);
    } else {
        members.truncate(wanted);
    }
    Ok(members)
}

/// Order by start: as instants, or as text where Blurr does so (LANGUAGE.md B.9).
fn compare(a: &Block, b: &Block) -> std::cmp::Ordering {
    match (&a.text, &b.text) {
        (Some(a), Some(b)) => a.cmp(b),
        _ => a.start.map(|start| start.micros).cmp(&b.start.map(|start| start.micros)),
    }
}

/// `source` of a window: each field as the list of the members' values.
fn lists(bounds: &Bounds, members: &[&Block]) -> Value {
    let column = |slot: usize| members.iter().map(|block| block.values[slot].clone()).collect::<Vec<Value>>();
    let lists: Dict = bounds
        .lists
        .iter()
        .map(|(slot, name)| (Value::Str(name.clone()), Value::List(Flavor::Plain, Arc::new(column(*slot)))))
        .collect();
    Value::Dict(Flavor::Record, Arc::new(lists))
}
