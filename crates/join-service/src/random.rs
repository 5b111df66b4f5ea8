//! Numbers that look random and are the same for the same seed: for playing loads, and for nothing secret.

/// Marsaglia's xorshift.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// Seeds that lie side by side give streams that have nothing to do with each other.
    pub fn of_seed(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// One of 0 up to `count`, which is not among them; 0 for a `count` of 0.
    pub fn below(&mut self, count: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % count.max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn a_seed_gives_the_same_numbers_and_another_others() {
        let numbers = |seed: u64| {
            let mut random = Random::of_seed(seed);
            (0..100).map(|_| random.below(10)).collect::<Vec<u64>>()
        };
        assert_eq!(numbers(3), numbers(3));
        assert_ne!(numbers(3), numbers(4));
        assert!((0..10).all(|number| numbers(3).contains(&number)) && numbers(3).iter().all(|number| *number < 10));
        assert_eq!(Random::of_seed(1).below(0), 0);
    }
}
