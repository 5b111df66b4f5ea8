//! Some fields of the window document evaluated again for the rows that are there: anchors, bounds and all other
//! fields stay what they were.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::sync::Arc;

use dtc_expr::{Mode, Program, Value};
use dtc_lang::scopes::{ANCHOR, SOURCE};

use super::{Blocks, Ground, Laying, Looks};
use crate::identity::Worker;
use crate::output::{Record, WindowRow};
use crate::past::Past;
use crate::plan::{FieldPlan, Plan};
use crate::plan_window::{WindowAggregatePlan, WindowPlan};
use crate::record::Recorder;
use crate::run::Stopped;

/// A field: its aggregate's group in the frame and its slot.
type At = (usize, usize);

/// Fields of the window document whose values may differ.
#[derive(Debug)]
pub(crate) struct WindowPart {
    /// By group and slot, in order.
    pub(crate) affected: Vec<At>,
    /// Places of failures that are counted anew.
    pub(crate) owned: Vec<u32>,
    /// By aggregate of the window document: places of the fields that have to be evaluated.
    needed: Vec<Vec<usize>>,
    /// Their slots, with the aggregate's place.
    slots: Vec<At>,
    looks: Looks,
    /// By aggregate, whether what is evaluated asks for `source`, and for which of its columns.
    reads_source: Vec<bool>,
    lists: Vec<Vec<(usize, Arc<str>)>>,
    /// What is read of blocks: aggregate and slot.
    reads: Vec<At>,
}

impl WindowPart {
    /// What may differ after an edit that changed these fields of the streaming document; `None`: everything.
    pub(crate) fn between(old: &Plan, new: &Plan, changed: &BTreeSet<At>) -> Option<WindowPart> {
        let (from, to) = (old.window.as_ref()?, new.window.as_ref()?);
        let first = new.aggregates.len();
        let by_row = new.mode == Mode::Studio && to.reuses && from.reuses && new.most_rows().is_none();
        if from.shape != to.shape || from.remembered != to.remembered || !by_row || changes_others(new, to) {
            return None;
        }
        let mut affected = BTreeSet::new();
        let mut owned = Vec::new();
        for (place, (old, new)) in from.aggregates.iter().zip(&to.aggregates).enumerate() {
            let all = old.when_text != new.when_text;
            let edited = old.fields.iter().zip(&new.fields).filter(|(old, new)| all || old.text != new.text);
            affected.extend(edited.map(|(_, field)| (first + place, field.slot)));
        }
        let sees = |aggregate: &WindowAggregatePlan, program: &Program, affected: &BTreeSet<At>| {
            looks_at(new, to, aggregate, program, changed, affected)
        };
        loop {
            let before = affected.len();
            for (place, aggregate) in to.aggregates.iter().enumerate() {
                let all = aggregate.when.iter().any(|when| sees(aggregate, &when.program, &affected));
                for field in &aggregate.fields {
                    if all || programs(field).any(|program| sees(aggregate, program, &affected)) {
                        affected.insert((first + place, field.slot));
                    }
                }
            }
            if affected.len() == before {
                break;
            }
        }
        let decides = [&to.condition].into_iter().chain(&to.when);
        let mut decides = decides.map(|condition| &condition.program);
        let none = WindowAggregatePlan::default();
        if decides.any(|program| sees(&none, program, &affected)) {
            return None;
        }
        for (place, (old, aggregate)) in from.aggregates.iter().zip(&to.aggregates).enumerate() {
            let when = aggregate.when.as_ref();
            if when
                .is_some_and(|when| old.when_text != aggregate.when_text || sees(aggregate, &when.program, &affected))
            {
                owned.extend(when.map(|when| when.place));
            }
            let fields = aggregate.fields.iter().filter(|field| affected.contains(&(first + place, field.slot)));
            owned.extend(fields.flat_map(|field| field.when.iter().map(|when| when.place).chain([field.place])));
        }
        Some(WindowPart::needed(new, to, affected, owned))
    }

    fn needed(plan: &Plan, window: &WindowPlan, affected: BTreeSet<At>, owned: Vec<u32>) -> WindowPart {
        let first = plan.aggregates.len();
        let mut wanted = affected.clone();
        loop {
            let before = wanted.len();
            let read: Vec<At> = evaluated(window, first, &wanted).flat_map(|(_, program)| reads(program)).collect();
            wanted.extend(read.into_iter().filter(|(group, _)| *group >= first));
            if wanted.len() == before {
                break;
            }
        }
        let needed = window.aggregates.iter().enumerate().map(|(place, aggregate)| {
            let fields = aggregate.fields.iter().enumerate();
            fields.filter(|(_, field)| wanted.contains(&(first + place, field.slot))).map(|(nth, _)| nth).collect()
        });
        let needed: Vec<Vec<usize>> = needed.collect();
        let mut reads_source = vec![false; window.aggregates.len()];
        for (place, program) in evaluated(window, first, &wanted) {
            reads_source[place] |= program.variable_reads().contains(&SOURCE);
        }
        let lists: Vec<Vec<(usize, Arc<str>)>> = (0..)
            .zip(&window.aggregates)
            .map(|(place, aggregate)| {
                let own =
                    || evaluated(window, first, &wanted).filter(|(of, _)| *of == place).map(|(_, program)| program);
                let asked = |name: &Arc<str>| {
                    own().any(|program| program.source_fields(SOURCE).is_none_or(|names| names.contains(name)))
                };
                let lists = aggregate.window.iter().flat_map(|bounds| &bounds.lists);
                lists.filter(|(_, name)| asked(name)).cloned().collect()
            })
            .collect();
        let programs = evaluated(window, first, &wanted).map(|(_, program)| program);
        let looks = Looks::of(programs, window.sight(&plan.aggregates, plan.mode));
        let of_lists = window.aggregates.iter().zip(&lists).filter_map(|(aggregate, lists)| {
            let source = aggregate.window.as_ref()?.source;
            Some(lists.iter().map(move |(slot, _)| (source, *slot)))
        });
        let of_anchor = looks.block.iter().chain(looks.anchor.iter().map(|(slot, _)| slot));
        let mut reads: Vec<At> = of_anchor.map(|slot| (window.anchor, *slot)).chain(of_lists.flatten()).collect();
        reads.sort_unstable();
        reads.dedup();
        let slots = wanted.iter().map(|(group, slot)| (group - first, *slot)).collect();
        let affected = affected.into_iter().collect();
        WindowPart { affected, owned, needed, slots, looks, reads_source, lists, reads }
    }

    fn is_needed(&self, aggregate: usize) -> bool {
        !self.needed[aggregate].is_empty()
    }

    /// The places of the affected fields among the values of a row.
    pub(crate) fn places(&self, plan: &Plan, window: &WindowPlan) -> Vec<usize> {
        let first = plan.aggregates.len();
        let before =
            |group: usize| window.aggregates[..group - first].iter().map(|own| own.columns.len()).sum::<usize>();
        self.affected.iter().map(|(group, slot)| before(*group) + slot).collect()
    }
}

impl<'p, R: Recorder> Worker<'p, R> {
    /// New values of the affected fields, row by row.
    pub(crate) fn again(
        &mut self,
        window: &'p WindowPlan,
        part: &WindowPart,
        (blocks, records, past): (&[Blocks], &[Record], &[Past]),
        rows: &[WindowRow],
    ) -> Result<Vec<Value>, Stopped> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let ground = Ground { blocks, records, past };
        fetch(part, &ground);
        self.show_last(&part.looks, records);
        let mut laying = std::mem::take(&mut self.laying);
        laying.ready(window);
        self.begin_row(&laying);
        let mut values = Vec::with_capacity(rows.len() * part.affected.len());
        for row in rows {
            self.row_again(window, part, row, &ground, &mut laying)?;
            let groups = &mut self.frame.groups;
            values.extend(part.affected.iter().map(|(group, slot)| std::mem::take(&mut groups[*group][*slot])));
        }
        self.laying = laying;
        Ok(values)
    }

    fn row_again(
        &mut self,
        window: &'p WindowPlan,
        part: &WindowPart,
        row: &WindowRow,
        ground: &Ground<'_>,
        laying: &mut Laying,
    ) -> Result<(), Stopped> {
        let block = &ground.blocks_of(window.anchor)[row.nth as usize];
        self.show(window, &part.looks, block, ground);
        self.frame.variables[ANCHOR.0 as usize] = None;
        if !part.looks.anchor.is_empty() {
            self.show_anchor(window, &part.looks.anchor, &[], block, (ground, laying));
        }
        let first = self.plan.aggregates.len();
        for (place, slot) in &part.slots {
            self.frame.groups[first + place][*slot].clone_from(&laying.defaults[*place][*slot]);
        }
        for (place, aggregate) in window.aggregates.iter().enumerate().filter(|(place, _)| part.is_needed(*place)) {
            let bounds = aggregate.window.as_ref();
            if let Some(bounds) = bounds.filter(|bounds| part.reads_source[place] || bounds.keep_missing) {
                // What is lacking was found to be so when the row was made.
                let _ = self.members((place, bounds), block, ground, laying);
                self.show_source(window, (place, &part.lists[place]), ground, laying);
            }
            self.frame.groups[first + place][0] = Value::Str(self.identity.clone());
            if !laying.lacking[place] && self.holds(aggregate.when.as_ref())? {
                for nth in &part.needed[place] {
                    self.field(first + place, &aggregate.fields[*nth])?;
                }
            }
            self.keep_source(window, place, laying);
        }
        Ok(())
    }
}

/// Looks at everything that rows will look at: values of records lie far apart, and asked for all at once they arrive
/// together, not one after the other.
fn fetch(part: &WindowPart, ground: &Ground<'_>) {
    let mut seen = 0;
    for (aggregate, slot) in &part.reads {
        for block in ground.blocks_of(*aggregate) {
            seen += usize::from(matches!(block.values(ground.records)[*slot], Value::None));
        }
    }
    black_box(seen);
}

fn programs(field: &FieldPlan) -> impl Iterator<Item = &Program> {
    field.when.iter().map(|when| &when.program).chain([&field.value])
}

fn reads(program: &Program) -> impl Iterator<Item = At> {
    program.field_reads().into_iter().map(|(group, field)| (usize::from(group.0), usize::from(field.0)))
}

/// The programs of these fields and of their aggregates' conditions, with the place of their aggregate.
fn evaluated<'w>(
    window: &'w WindowPlan,
    first: usize,
    wanted: &BTreeSet<At>,
) -> impl Iterator<Item = (usize, &'w Program)> {
    window.aggregates.iter().enumerate().flat_map(move |(place, aggregate)| {
        let fields = aggregate.fields.iter().filter(move |field| wanted.contains(&(first + place, field.slot)));
        let own: Vec<&Program> = fields.flat_map(programs).collect();
        let when = aggregate.when.iter().map(|when| &when.program).filter(|_| !own.is_empty());
        let all: Vec<&Program> = when.chain(own.iter().copied()).collect();
        all.into_iter().map(move |program| (place, program))
    })
}

/// Whether a program of the aggregate looks at a changed field of the streaming document or an affected one of the
/// window document.
fn looks_at(
    plan: &Plan,
    window: &WindowPlan,
    aggregate: &WindowAggregatePlan,
    program: &Program,
    changed: &BTreeSet<At>,
    affected: &BTreeSet<At>,
) -> bool {
    let named = |variable, of: usize| {
        let names = program.source_fields(variable).unwrap_or_default();
        let mut own = changed.iter().filter(|(changed, _)| *changed == of);
        own.any(|(_, slot)| names.contains(&plan.aggregates[of].columns[*slot].0))
    };
    reads(program).any(|at| changed.contains(&at) || affected.contains(&at))
        || named(ANCHOR, window.anchor)
        || aggregate.window.as_ref().is_some_and(|bounds| named(SOURCE, bounds.source))
}

/// Whether a program changes another field's collection, which ties fields together in ways that reading does not
/// show.
fn changes_others(plan: &Plan, window: &WindowPlan) -> bool {
    let foreign = |program: &Program, own: Option<At>| {
        let mut changes = program.field_changes().into_iter();
        changes.any(|(group, field)| Some((usize::from(group.0), usize::from(field.0))) != own)
    };
    let mut decides = [&window.condition].into_iter().chain(&window.when);
    decides.any(|condition| foreign(&condition.program, None))
        || window.aggregates.iter().enumerate().any(|(place, aggregate)| {
            let own = |field: &FieldPlan| Some((plan.aggregates.len() + place, field.slot));
            aggregate.when.iter().any(|when| foreign(&when.program, None))
                || aggregate.fields.iter().any(|field| {
                    foreign(&field.value, own(field)) || field.when.iter().any(|when| foreign(&when.program, None))
                })
        })
}
