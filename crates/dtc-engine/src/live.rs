//! A run that follows edits: what an edit cannot have changed is kept, the rest is computed again from the
//! same events. Gives what a run from the start gives, or runs from the start.

mod edit;
mod patch;
mod rerun;
mod slice;
mod trail;

use crate::control::{Cancel, Progress};
use crate::events::Events;
use crate::faults::{Fault, Faults};
use crate::groups::Groups;
use crate::identity::Worker;
use crate::output::Output;
use crate::past::Past;
use crate::plan::Plan;
use crate::run::{Input, Stopped, collect, collect_ranked, limit_rows, threads_of};
use crate::window::{Blocks, WindowPart};
use edit::{Edit, Windows};
use patch::Patch;
use rerun::Rerun;
use trail::{Tracker, Trail};

/// What each identity gave, with its place in order of first appearance.
type Ranked<T> = Vec<(usize, T)>;

/// The last run of some events, with what an edit may need of it.
#[derive(Debug)]
pub struct Live {
    plan: Plan,
    /// Of the events that every update is about.
    groups: Groups,
    /// By identity, as in `output`.
    pasts: Vec<Vec<Past>>,
    /// By identity, what windows look at: an edit that leaves the records what they are leaves it so.
    blocks: Vec<Vec<Blocks>>,
    /// `None` where one cannot be followed.
    trails: Option<Vec<Trail>>,
    /// What the last edit replaced, until somebody has time for it.
    replaced: Vec<Patch>,
    output: Output,
}

/// What an edit made anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    Everything,
    /// Fields of these aggregates (by place in the streaming document), and the rows of the window document or not.
    Parts {
        aggregates: Vec<usize>,
        windows: bool,
    },
}

impl Changed {
    /// Whether the table of an aggregate, or of the window document, is as it was.
    pub fn spares(&self, table: Option<usize>) -> bool {
        match (self, table) {
            (Changed::Everything, _) => false,
            (Changed::Parts { aggregates, .. }, Some(aggregate)) => !aggregates.contains(&aggregate),
            (Changed::Parts { windows, .. }, None) => !windows,
        }
    }
}

impl Live {
    /// Runs from the start.
    pub fn start(
        plan: Plan,
        events: &Events,
        threads: usize,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<Live, Stopped> {
        if !events.cover(&plan) {
            return Err(Stopped::FieldsNotRead);
        }
        let plan = plan.over(&events.columns).into_owned();
        let groups = events.grouped(threads_of(threads));
        let repeated = groups.repeated;
        let input = Input { plan: &plan, events, groups: &groups };
        let parts = input.sharded(threads, cancel, progress, |worker: &mut Worker<'_, Tracker>, group, own| {
            worker.recorder.start(&plan);
            let output = worker.run(groups.name(group).clone(), Vec::new(), own)?;
            let (past, blocks) = (std::mem::take(&mut worker.past), std::mem::take(&mut worker.blocks));
            Ok((output, past, blocks, worker.recorder.take()))
        })?;
        let (parts, faults) = collect(parts);
        let (mut identities, mut pasts) = (Vec::with_capacity(parts.len()), Vec::with_capacity(parts.len()));
        let (mut blocks, mut trails) = (Vec::with_capacity(parts.len()), Some(Vec::with_capacity(parts.len())));
        for (output, past, own, trail) in parts {
            identities.push(output);
            pasts.push(past);
            blocks.push(own);
            trails = trails.zip(trail).map(|(mut trails, trail)| {
                trails.push(trail);
                trails
            });
        }
        let mut output = Output { identities, events: events.len() as u64, repeated, ..Output::default() };
        limit_rows(&plan, &mut output, 0);
        output.faults = faults.into_list(&plan.places);
        Ok(Live { plan, groups, pasts, blocks, trails, replaced: Vec::new(), output })
    }

    pub fn output(&self) -> &Output {
        &self.output
    }

    /// Gives memory back that the last update no longer needs: for when its rows are shown.
    pub fn tidy(&mut self) {
        self.replaced.clear();
    }

    /// Goes over to another plan for the same events. After an error it is what it was before.
    pub fn update(
        &mut self,
        plan: Plan,
        events: &Events,
        threads: usize,
        cancel: &Cancel,
        progress: &dyn Progress,
    ) -> Result<Changed, Stopped> {
        if !events.cover(&plan) {
            return Err(Stopped::FieldsNotRead);
        }
        self.tidy();
        let plan = plan.over(&events.columns).into_owned();
        let follow = Follow { events, threads, cancel, progress };
        match Edit::between(&self.plan, &plan) {
            Some(edit) if self.follow(&plan, &edit, follow)? => {
                self.plan = plan;
                let mut aggregates: Vec<usize> = edit.affected.iter().map(|(aggregate, _)| *aggregate).collect();
                aggregates.dedup();
                Ok(Changed::Parts { aggregates, windows: !matches!(edit.windows, Windows::Nothing) })
            }
            _ => {
                *self = Live::start(plan, events, threads, cancel, progress)?;
                Ok(Changed::Everything)
            }
        }
    }

    /// `false`: what was found does not fit what was there.
    fn follow(&mut self, plan: &Plan, edit: &Edit, follow: Follow<'_>) -> Result<bool, Stopped> {
        let mut faults = Vec::new();
        let mut patch = None;
        if !edit.affected.is_empty() {
            let Some((found, failed)) = self.patch(plan, edit, follow)? else { return Ok(false) };
            faults.extend(failed.into_list(&plan.places));
            patch = Some(found);
        }
        // Only now is anything changed; windows are made of the new values, and put back if they are stopped.
        if let Some(patch) = &mut patch {
            patch.swap(&mut self.output.identities, &mut self.pasts);
        }
        let laid = match &edit.windows {
            Windows::Nothing => Ok(Faults::default()),
            Windows::Fields(part) => self.some_of_windows(plan, part, follow),
            Windows::Everything => self.windows(plan, follow),
        };
        match laid {
            Ok(failed) => faults.extend(failed.into_list(&plan.places)),
            Err(stopped) => {
                if let Some(patch) = &mut patch {
                    patch.swap(&mut self.output.identities, &mut self.pasts);
                }
                return Err(stopped);
            }
        }
        self.replaced.extend(patch);
        self.take_faults(plan, edit, faults);
        Ok(true)
    }

    /// New values of the affected fields; `None` where records do not fit those that are there.
    fn patch(&self, plan: &Plan, edit: &Edit, follow: Follow<'_>) -> Result<Option<(Patch, Faults)>, Stopped> {
        let slots = edit.slots();
        let followed = self.trails.as_ref().zip(Rerun::of(plan, &edit.affected, &slots));
        let (parts, faults) = match &followed {
            Some((trails, rerun)) => {
                let (parts, faults) = self.sharded(&rerun.cut, follow, |worker, rank, group| {
                    rerun.identity(worker, &trails[rank], self.groups.events(group), &self.pasts[rank])
                })?;
                (Some(parts), faults)
            }
            None => {
                let cut = slice::cut(plan, edit);
                let (parts, faults) = self.sharded(&cut, follow, |worker, rank, group| {
                    worker.start(self.groups.name(group).clone(), Vec::new());
                    for event in self.groups.events(group) {
                        worker.event(*event)?;
                    }
                    let records = worker.after_events().close();
                    let old = (&self.output.identities[rank].records[..], &self.pasts[rank][..]);
                    Ok(slice::part(plan, &slots, (records, std::mem::take(&mut worker.past)), old))
                })?;
                let parts = parts.into_iter().map(|(rank, part)| Some((rank, part?)));
                (parts.collect(), faults)
            }
        };
        Ok(parts.map(|parts| (Patch { slots, parts }, faults)))
    }

    /// Lays the windows over the records again; the failures on the way.
    fn windows(&mut self, plan: &Plan, follow: Follow<'_>) -> Result<Faults, Stopped> {
        let Some(window) = &plan.window else {
            for identity in &mut self.output.identities {
                (identity.rows, identity.dropped) = Default::default();
            }
            return Ok(Faults::default());
        };
        let known = self.plan.window.as_ref().is_some_and(|known| known.sources == window.sources);
        let (laid, faults) = self.sharded(plan, follow, |worker, rank, group| {
            worker.at = self.groups.events(group).last().copied();
            let records = &self.output.identities[rank].records;
            let found = (!known).then(|| worker.blocks_among(window, records));
            let blocks = found.as_ref().unwrap_or(&self.blocks[rank]);
            Ok((worker.after_events().windows(window, blocks, records, &self.pasts[rank])?, found))
        })?;
        for (rank, ((rows, dropped), found)) in laid {
            let identity = &mut self.output.identities[rank];
            (identity.rows, identity.dropped) = (rows, dropped);
            if let Some(found) = found {
                self.blocks[rank] = found;
            }
        }
        limit_rows(plan, &mut self.output, 0);
        Ok(faults)
    }

    /// Evaluates some fields of the window document again; the failures on the way.
    fn some_of_windows(&mut self, plan: &Plan, part: &WindowPart, follow: Follow<'_>) -> Result<Faults, Stopped> {
        let Some(window) = &plan.window else { return Ok(Faults::default()) };
        let (found, faults) = self.sharded(plan, follow, |worker, rank, group| {
            worker.at = self.groups.events(group).last().copied();
            let identity = &self.output.identities[rank];
            let ground = (&self.blocks[rank][..], &identity.records[..], &self.pasts[rank][..]);
            worker.after_events().again(window, part, ground, &identity.rows)
        })?;
        let places = part.places(plan, window);
        for (rank, found) in found {
            let mut found = found.into_iter();
            for row in &mut self.output.identities[rank].rows {
                for (place, value) in places.iter().zip(&mut found) {
                    row.values[*place] = value;
                }
            }
        }
        Ok(faults)
    }

    /// Runs `one` for every identity, by its place in the output and its group; results with that place.
    fn sharded<'p, T: Send>(
        &'p self,
        plan: &'p Plan,
        follow: Follow<'p>,
        one: impl Fn(&mut Worker<'p>, usize, usize) -> Result<T, Stopped> + Sync,
    ) -> Result<(Ranked<T>, Faults), Stopped> {
        let input = Input { plan, events: follow.events, groups: &self.groups };
        let parts = input.sharded_as_it_lies(follow.threads, follow.cancel, follow.progress, |worker, group, _| {
            worker.begin(self.groups.name(group));
            one(worker, self.groups.rank(group), group)
        })?;
        Ok(collect_ranked(parts))
    }

    /// Failures of what was not evaluated again stay, at the places of the new plan.
    fn take_faults(&mut self, plan: &Plan, edit: &Edit, mut new: Vec<Fault>) {
        let mut faults: Vec<Fault> = std::mem::take(&mut self.output.faults);
        faults.retain(|fault| !edit.owns(plan, fault));
        new.retain(|fault| edit.owns(plan, fault));
        faults.extend(new);
        for fault in &mut faults {
            let known =
                plan.places.iter().find(|place| place.part == fault.place.part && place.name == fault.place.name);
            if let Some(place) = known {
                fault.place = place.clone();
            }
        }
        crate::faults::order(&mut faults);
        self.output.faults = faults;
    }
}

/// What an update works with.
#[derive(Clone, Copy)]
struct Follow<'a> {
    events: &'a Events,
    threads: usize,
    cancel: &'a Cancel,
    progress: &'a dyn Progress,
}
