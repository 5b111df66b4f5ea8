//! Seeded journeys over twelve channels: each likes to follow some others, and about one in eight journeys converts.
//!
//! The same journeys twice: one a line with hours, and equal sequences counted together.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::dice::Dice;

const CHANNELS: [&str; 12] = [
    "organic",
    "paid search",
    "display",
    "email",
    "direct",
    "social",
    "affiliate",
    "referral",
    "video",
    "push",
    "sms",
    "partner",
];

/// What came of a sequence: conversions, their value in cents, journeys that did not convert.
#[derive(Default)]
struct Counts {
    conversions: u64,
    cents: u64,
    nulls: u64,
}

/// Writes `journey_id,path,converted,value,hours` to one and `path;total_conversions;…` to the other.
pub fn write(journeys: u64, seed: u64, singles: &mut impl Write, paths: &mut impl Write) -> io::Result<()> {
    let mut counted: BTreeMap<Vec<usize>, Counts> = BTreeMap::new();
    writeln!(singles, "journey_id,path,converted,value,hours")?;
    for number in 0..journeys {
        let mut dice = Dice::of(seed, number);
        let touches = sequence(&mut dice);
        let last = touches.last().copied().unwrap_or_default();
        let converts = dice.chance(0.05 + 0.012 * (last + touches.len().min(6)) as f64);
        let cents = if converts { dice.whole(100, 20_000) as u64 } else { 0 };
        let mut hours: Vec<f64> = touches.iter().map(|_| dice.wait(40.0)).collect();
        hours.sort_by(|a, b| b.total_cmp(a));
        let hours: Vec<String> = hours.iter().map(|hours| format!("{hours:.2}")).collect();
        let (value, fraction) = (cents / 100, cents % 100);
        let (path, hours, converted) = (joined(&touches), hours.join(" > "), u8::from(converts));
        writeln!(singles, "j{number},{path},{converted},{value}.{fraction:02},{hours}")?;
        let counts = counted.entry(touches).or_default();
        counts.conversions += u64::from(converts);
        counts.nulls += u64::from(!converts);
        counts.cents += cents;
    }
    writeln!(paths, "path;total_conversions;total_conversion_value;total_null")?;
    for (touches, Counts { conversions, cents, nulls }) in counted {
        writeln!(paths, "{};{conversions};{}.{:02};{nulls}", joined(&touches), cents / 100, cents % 100)?;
    }
    Ok(())
}

/// Four touches on average.
fn sequence(dice: &mut Dice) -> Vec<usize> {
    let mut channel = (dice.unit() * dice.unit() * CHANNELS.len() as f64) as usize;
    let mut touches = vec![channel];
    while touches.len() < 200 && dice.chance(0.75) {
        channel = match dice.whole(0, 3) {
            0 => channel,
            1 => (channel * 5 + 1) % CHANNELS.len(),
            _ => (dice.unit() * dice.unit() * CHANNELS.len() as f64) as usize,
        };
        touches.push(channel);
    }
    touches
}

fn joined(touches: &[usize]) -> String {
    let names: Vec<&str> = touches.iter().map(|channel| CHANNELS[*channel]).collect();
    names.join(" > ")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_same_seed_gives_the_same_journeys_in_both_shapes() {
        let make = || {
            let (mut singles, mut paths) = (Vec::new(), Vec::new());
            super::write(500, 7, &mut singles, &mut paths).unwrap();
            (String::from_utf8(singles).unwrap(), String::from_utf8(paths).unwrap())
        };
        let (singles, paths) = make();
        assert_eq!((singles.clone(), paths.clone()), make());
        let converted = singles.lines().skip(1).filter(|line| line.split(',').nth(2) == Some("1")).count();
        let counted: usize =
            paths.lines().skip(1).map(|line| line.split(';').nth(1).unwrap().parse::<usize>().unwrap()).sum();
        assert!(converted == counted && (30..150).contains(&converted), "{converted} {counted}");
    }
}
