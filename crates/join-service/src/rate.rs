//! So many events a second, with a second's worth at once.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

pub struct Rate {
    most: f64,
    left: Mutex<(f64, Instant)>,
}

impl Rate {
    pub fn new(most: u64) -> Rate {
        Rate { most: most as f64, left: Mutex::new((most as f64, Instant::now())) }
    }

    /// Whether so many may come now.
    pub fn takes(&self, events: usize) -> bool {
        // Whoever panicked while it held numbers left numbers.
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let (before, at) = *left;
        let there = (before + now.duration_since(at).as_secs_f64() * self.most).min(self.most);
        let taken = there >= events as f64;
        *left = (if taken { there - events as f64 } else { there }, now);
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::Rate;

    #[test]
    fn a_seconds_worth_comes_at_once_and_more_does_not() {
        let rate = Rate::new(10);
        assert!(rate.takes(4) && rate.takes(6) && !rate.takes(5));
        assert!(!Rate::new(10).takes(11), "never so many at once");
    }
}
