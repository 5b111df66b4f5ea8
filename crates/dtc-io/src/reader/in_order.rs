//! Things made by number on threads and given in order, a few of them ahead: so that whoever takes them never
//! has more in memory than it keeps.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// How many may be made or lie ready beyond the one that is given next, for each thread.
const AHEAD: usize = 2;

struct Shared<B> {
    state: Mutex<State<B>>,
    /// Something is ready, or a thread has gone.
    ready: Condvar,
    /// Something was given, or nobody wants more.
    given: Condvar,
}

struct State<B> {
    /// The next to be made, and to be given.
    next: usize,
    due: usize,
    made: BTreeMap<usize, B>,
    stopped: bool,
    working: usize,
}

/// Makes `count` things on so many threads, with a maker for each, and gives them in order on this one, as
/// long as `give` says so.
pub(super) fn in_order<B: Send, E, M: FnMut(usize) -> B>(
    count: usize,
    threads: usize,
    maker: impl Fn() -> M + Sync,
    mut give: impl FnMut(B) -> Result<bool, E>,
) -> Result<(), E> {
    if threads <= 1 {
        let mut make = maker();
        for number in 0..count {
            if !give(make(number))? {
                break;
            }
        }
        return Ok(());
    }
    let state = State { next: 0, due: 0, made: BTreeMap::new(), stopped: false, working: threads };
    let shared = Shared { state: Mutex::new(state), ready: Condvar::new(), given: Condvar::new() };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let _leaving = Leaving(&shared);
                let mut make = maker();
                while let Some(number) = shared.next(count, threads * AHEAD) {
                    let made = make(number);
                    shared.lock().made.insert(number, made);
                    shared.ready.notify_one();
                }
            });
        }
        // Whatever ends the giving, the threads end too.
        let _stop = Stop(&shared);
        for number in 0..count {
            let Some(made) = shared.wait_for(number) else { break };
            if !give(made)? {
                break;
            }
        }
        Ok(())
    })
}

impl<B> Shared<B> {
    fn lock(&self) -> MutexGuard<'_, State<B>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number to make next, as soon as it is not too far ahead.
    fn next(&self, count: usize, ahead: usize) -> Option<usize> {
        let mut state = self.lock();
        while !state.stopped && state.next < count && state.next >= state.due + ahead {
            state = self.given.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        (!state.stopped && state.next < count).then(|| {
            state.next += 1;
            state.next - 1
        })
    }

    /// `None`: its thread has panicked, which the scope tells.
    fn wait_for(&self, number: usize) -> Option<B> {
        let mut state = self.lock();
        loop {
            if let Some(made) = state.made.remove(&number) {
                state.due = number + 1;
                self.given.notify_all();
                return Some(made);
            }
            if state.working == 0 {
                return None;
            }
            state = self.ready.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

struct Leaving<'s, B>(&'s Shared<B>);

impl<B> Drop for Leaving<'_, B> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.working -= 1;
        // What a thread that panicked would have made never comes.
        state.stopped |= std::thread::panicking();
        self.0.ready.notify_one();
        self.0.given.notify_all();
    }
}

struct Stop<'s, B>(&'s Shared<B>);

impl<B> Drop for Stop<'_, B> {
    fn drop(&mut self) {
        self.0.lock().stopped = true;
        self.0.given.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    fn given(count: usize, threads: usize, last: usize) -> (Result<(), String>, Vec<usize>, usize) {
        let (made, most, taken) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        let maker = || {
            |number| {
                let ahead = made.fetch_add(1, Ordering::SeqCst) + 1 - taken.load(Ordering::SeqCst);
                most.fetch_max(ahead, Ordering::SeqCst);
                number
            }
        };
        let mut all = Vec::new();
        let result = in_order(count, threads, maker, |number| {
            taken.fetch_add(1, Ordering::SeqCst);
            all.push(number);
            if number == 40 { Err("forty".to_owned()) } else { Ok(number != last) }
        });
        (result, all, most.into_inner())
    }

    #[test]
    fn things_come_in_order_and_few_are_ahead() {
        for threads in [1, 2, 8] {
            let (result, all, most) = given(30, threads, 99);
            assert_eq!((result, all), (Ok(()), (0..30).collect()));
            assert!(most <= threads * AHEAD + 1, "{most} with {threads} threads");
            assert_eq!(given(30, threads, 7).1, (0..8).collect::<Vec<_>>());
            let (result, all, _) = given(1_000, threads, 999);
            assert_eq!((result, all.len()), (Err("forty".to_owned()), 41));
            assert_eq!(given(0, threads, 0).1, Vec::<usize>::new());
        }
    }

    #[test]
    fn a_panic_of_a_maker_is_ours() {
        let maker = || |number: usize| if number == 5 { panic!("five") } else { number };
        let result = std::panic::catch_unwind(|| in_order(20, 2, maker, |_| Ok::<_, ()>(true)));
        assert!(result.is_err());
    }
}
