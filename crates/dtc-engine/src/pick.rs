//! Which anchors are tried first where `Max` leaves some out (LANGUAGE.md A.9).

use dtc_lang::document::Pick;

/// The places of an identity's blocks in the order in which they are tested. By chance, every order is as likely
/// as any other; the same seed, identity and starts give the same one.
pub(crate) fn order(pick: Pick, identity: &str, count: usize, start: impl Fn(usize) -> Option<i64>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    if let Pick::Random { seed } = pick {
        order.sort_by_key(|place| (chance(seed, identity, start(*place)), *place));
    }
    order
}

/// The lot of a block: the smallest are picked.
pub(crate) fn chance(seed: i64, identity: &str, start: Option<i64>) -> u64 {
    let own = identity.bytes().fold(mixed(seed as u64), |hash, byte| mixed(hash ^ u64::from(byte)));
    mixed(own ^ mixed(start.unwrap_or(i64::MIN) as u64))
}

/// The finalizer of SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_block_comes_first_about_as_often() {
        let start = |hour: usize| Some(hour as i64 * 3_600_000_000);
        let mut first = [0_u32; 4];
        for number in 0..4_000 {
            let order = order(Pick::Random { seed: 7 }, &format!("user{number}"), 4, start);
            first[order[0]] += 1;
        }
        // 1,000 are expected, with a standard deviation of 27.
        assert!(first.iter().all(|count| (850..1_150).contains(count)), "{first:?}");
        assert_eq!(order(Pick::First, "a", 4, start), [0, 1, 2, 3]);
        let twice = [0, 1].map(|_| order(Pick::Random { seed: 1 }, "a", 4, start));
        assert_eq!(twice[0], twice[1]);
    }
}
