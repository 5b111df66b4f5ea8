//! A run that follows edits: what an edit cannot have changed is kept, the rest is computed again from the
//! same events. Gives what a run from the start gives, or runs from the start.

mod edit;
mod slice;

use crate::control::{Cancel, Progress};
use crate::events::Events;
use crate::faults::{Fault, Faults, Part};
use crate::groups::Groups;
use crate::identity::{Past, Worker};
use crate::output::{DroppedRow, IdentityOutput, Output, WindowRow};
use crate::plan::Plan;
use crate::plan_window::WindowPlan;
use crate::run::{Input, Stopped, collect, limit_rows, threads_for, threads_of};
use edit::Edit;
use slice::Slice;

/// The last run of some events, with what an edit may need of it.
#[derive(Debug)]
pub struct Live {
    plan: Plan,
    /// Of the events that every update is about.
    groups: Groups,
    /// By identity, as in `output`.
    pasts: Vec<Vec<Past>>,
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
        let parts = input.sharded(threads, cancel, progress, |worker, identity, own| {
            let output = worker.run(identity.clone(), Vec::new(), own)?;
            Ok((output, std::mem::take(&mut worker.past)))
        })?;
        let (parts, faults) = collect(parts);
        let (identities, pasts) = parts.into_iter().unzip();
        let mut output = Output { identities, events: events.len() as u64, repeated, ..Output::default() };
        limit_rows(&plan, &mut output, 0);
        output.faults = faults.into_list(&plan.places);
        Ok(Live { plan, groups, pasts, output })
    }

    pub fn output(&self) -> &Output {
        &self.output
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
        let plan = plan.over(&events.columns).into_owned();
        let follow = Follow { events, threads, cancel, progress };
        match Edit::between(&self.plan, &plan) {
            Some(edit) if self.follow(&plan, &edit, follow)? => {
                self.plan = plan;
                let mut aggregates: Vec<usize> = edit.affected.iter().map(|(aggregate, _)| *aggregate).collect();
                aggregates.dedup();
                Ok(Changed::Parts { aggregates, windows: edit.windows })
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
        let mut slice = None;
        if !edit.affected.is_empty() {
            let found = Slice::run(plan, edit, &self.groups, follow)?;
            if !found.fits(&self.output.identities, &self.pasts) {
                return Ok(false);
            }
            faults.extend(found.faults.iter().filter(|fault| edit.owns(plan, fault)).cloned());
            slice = Some(found);
        }
        // Only now is anything changed; windows are made of the new values, and put back if they are stopped.
        if let Some(slice) = &mut slice {
            slice.swap(&mut self.output.identities, &mut self.pasts);
        }
        if edit.windows {
            match self.windows(plan, follow) {
                Ok(found) => faults.extend(found),
                Err(stopped) => {
                    if let Some(slice) = &mut slice {
                        slice.swap(&mut self.output.identities, &mut self.pasts);
                    }
                    return Err(stopped);
                }
            }
        }
        self.take_faults(plan, edit, faults);
        Ok(true)
    }

    /// Lays the windows over the records again; the failures on the way.
    fn windows(&mut self, plan: &Plan, follow: Follow<'_>) -> Result<Vec<Fault>, Stopped> {
        let Some(window) = &plan.window else {
            for identity in &mut self.output.identities {
                (identity.rows, identity.dropped) = Default::default();
            }
            return Ok(Vec::new());
        };
        let threads = threads_for(follow.threads, self.output.identities.len());
        let share = self.output.identities.len().div_ceil(threads).max(1);
        let work = |identities: &mut [IdentityOutput],
                    pasts: &mut [Vec<Past>]|
         -> Result<(Vec<Rows>, Faults), Stopped> {
            let mut worker = Worker::new(plan, follow.events);
            let rows = identities.iter_mut().zip(pasts).map(|(identity, past)| match follow.cancel.is_cancelled() {
                true => Err(Stopped::Cancelled),
                false => lay(&mut worker, window, identity, past),
            });
            let rows = rows.collect::<Result<Vec<Rows>, Stopped>>()?;
            Ok((rows, std::mem::take(&mut worker.faults)))
        };
        let shares = self.output.identities.chunks_mut(share).zip(self.pasts.chunks_mut(share));
        let found: Vec<Result<(Vec<Rows>, Faults), Stopped>> = if threads == 1 {
            shares.map(|(identities, pasts)| work(identities, pasts)).collect()
        } else {
            std::thread::scope(|scope| {
                let running: Vec<_> =
                    shares.map(|(identities, pasts)| scope.spawn(|| work(identities, pasts))).collect();
                running.into_iter().map(|thread| thread.join().unwrap_or(Err(Stopped::Cancelled))).collect()
            })
        };
        let mut faults = Faults::default();
        let mut rows = Vec::with_capacity(self.output.identities.len());
        for part in found {
            let (more, failed) = part?;
            rows.extend(more);
            faults.merge(failed);
        }
        for (identity, (rows, dropped)) in self.output.identities.iter_mut().zip(rows) {
            (identity.rows, identity.dropped) = (rows, dropped);
        }
        limit_rows(plan, &mut self.output, 0);
        Ok(faults.into_list(&plan.places))
    }

    /// Failures of what was not computed again stay, at the places of the new plan.
    fn take_faults(&mut self, plan: &Plan, edit: &Edit, new: Vec<Fault>) {
        let stays = |fault: &Fault| match fault.place.part {
            Part::Streaming => !edit.owns(plan, fault),
            Part::Window => !edit.windows,
        };
        let mut faults: Vec<Fault> = std::mem::take(&mut self.output.faults);
        faults.retain(stays);
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

/// Lays the windows over an identity's records, which it lends.
fn lay<'p>(
    worker: &mut Worker<'p>,
    window: &'p WindowPlan,
    identity: &mut IdentityOutput,
    past: &mut Vec<Past>,
) -> Result<Rows, Stopped> {
    worker.start(identity.identity.clone(), std::mem::take(&mut identity.records));
    worker.past = std::mem::take(past);
    let rows = worker.after_events().windows(window);
    identity.records = worker.take_records();
    *past = std::mem::take(&mut worker.past);
    rows
}

/// An identity's window rows, and the anchors that gave none.
type Rows = (Vec<WindowRow>, Vec<DroppedRow>);

/// What an update works with.
#[derive(Clone, Copy)]
struct Follow<'a> {
    events: &'a Events,
    threads: usize,
    cancel: &'a Cancel,
    progress: &'a dyn Progress,
}
