//! Draws that are the same everywhere: splitmix64, and only sums, products and quotients of its numbers.

use std::f64::consts::LN_2;

pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// Dice of their own for the member `number` of something.
    pub fn of(seed: u64, number: u64) -> Dice {
        let mut dice = Dice(seed ^ number.wrapping_mul(0xd1b5_4a32_d192_ed03));
        dice.bits();
        dice
    }

    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// At least 0, below 1.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Both ends are among the results.
    pub fn whole(&mut self, low: i64, high: i64) -> i64 {
        low + (self.bits() % (high - low + 1) as u64) as i64
    }

    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[(self.bits() % items.len() as u64) as usize]
    }

    /// A waiting time of this mean, exponentially distributed.
    pub fn wait(&mut self, mean: f64) -> f64 {
        -mean * logarithm(1.0 - self.unit())
    }
}

/// The natural logarithm of a number above 0, by its series: the system's own differs from one to the next.
fn logarithm(x: f64) -> f64 {
    let bits = x.to_bits();
    let exponent = ((bits >> 52) as i64 - 1023) as f64;
    let mantissa = f64::from_bits((bits & ((1 << 52) - 1)) | (1023 << 52));
    let z = (mantissa - 1.0) / (mantissa + 1.0);
    let square = z * z;
    let mut sum = 0.0;
    let mut power = z;
    for term in 0..16 {
        sum += power / f64::from(2 * term + 1);
        power *= square;
    }
    2.0 * sum + exponent * LN_2
}

#[cfg(test)]
mod tests {
    use super::logarithm;

    #[test]
    fn the_logarithm_is_one() {
        for x in [1e-16, 0.001, 0.3, 0.5, 0.9999, 1.0] {
            assert!((logarithm(x) - f64::ln(x)).abs() < 1e-13 * f64::ln(x).abs().max(1.0), "{x}");
        }
    }
}
