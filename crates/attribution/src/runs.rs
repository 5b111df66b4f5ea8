//! Several models over one sample, on several threads. What they say does not depend on how many.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::models::{Answer, Model};
use crate::paths::Sample;
use crate::unable::Unable;

/// Whether somebody still wants the answer; asked every few milliseconds of long work.
pub type GoOn<'a> = &'a dyn Fn() -> bool;

/// The answers in the order of the models. `threads` 0: one a core.
pub fn run_all(sample: Sample<'_>, models: &[Model], threads: usize) -> Vec<Result<Answer, Unable>> {
    in_parallel(models.len(), threads, |index| models[index].run(sample))
}

/// The same until `go_on` says no, which is asked before each model and within slow ones; `None` then.
pub fn run_all_while(
    sample: Sample<'_>,
    models: &[Model],
    threads: usize,
    go_on: &(dyn Fn() -> bool + Sync),
) -> Option<Vec<Result<Answer, Unable>>> {
    let one = |index: usize| match models[index].run_while(sample, go_on) {
        Err(Unable::Stopped) => None,
        answer => Some(answer),
    };
    let answers = in_parallel(models.len(), threads, |index| go_on().then(|| one(index)).flatten());
    answers.into_iter().collect()
}

/// `work` of 0 to `count`, each once, in that order whoever did it.
pub(crate) fn in_parallel<T: Send>(count: usize, threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let threads = if threads == 0 { cores } else { threads }.min(count);
    if threads <= 1 {
        return (0..count).map(work).collect();
    }
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(count)));
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= count {
                        break;
                    }
                    let result = work(index);
                    done.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push((index, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}
