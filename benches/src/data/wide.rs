//! Events of 200 fields: counts, measures, labels, flags, moments and notes by turns.

use std::io::{self, Write};

use super::dice::Dice;
use super::moment::Moment;

const FIELDS: usize = 200;
/// A quarter of a day, in microseconds: some events of a user each.
const SESSION: i64 = 21_600_000_000;
const KINDS: [&str; 4] = ["view", "click", "order", "leave"];
const LABELS: [&str; 8] = ["north", "north east", "east", "south east", "south", "south west", "west", "north west"];
const WORDS: [&str; 12] =
    ["the", "cart", "was", "left", "before", "payment", "\\\"again\\\"", "caf\u{e9}", "on", "a", "small", "screen"];

pub(super) fn write(events: u64, users: u64, seed: u64, out: &mut dyn Write) -> io::Result<()> {
    let mut dice = Dice::new(seed);
    let mut at = Moment(0);
    let mut line = Vec::new();
    for _ in 0..events {
        at = at.plus_seconds(dice.wait(2.0));
        event(at, users, &mut dice, &mut line)?;
        out.write_all(&line)?;
    }
    Ok(())
}

fn event(arrival: Moment, users: u64, dice: &mut Dice, line: &mut Vec<u8>) -> io::Result<()> {
    line.clear();
    let user = dice.bits() % users.max(1);

    let (session, kind) = (arrival.0 / SESSION, dice.pick(&KINDS));
    let at = arrival.plus_seconds(-dice.wait(4.0));
    write!(line, "{{\"user\": \"u{user:06}\", \"at\": \"{at}\", \"session\": \"h{session}\", \"kind\": \"{kind}\"")?;
    for index in 4..FIELDS {
        match index % 6 {
            0 => write!(line, ", \"count_{index:03}\": {}", dice.whole(0, 5000))?,
            1 => write!(line, ", \"measure_{index:03}\": {}.{:02}", dice.whole(-900, 900), dice.whole(0, 99))?,
            2 => write!(line, ", \"label_{index:03}\": \"{}\"", dice.pick(&LABELS))?,
            3 => write!(line, ", \"flag_{index:03}\": {}", dice.chance(0.5))?,
            4 => write!(line, ", \"moment_{index:03}\": \"{}\"", at.plus_seconds(-dice.wait(9e6)))?,
            _ => note(index, dice, line)?,
        }
    }
    line.extend_from_slice(b"}\n");
    Ok(())
}

fn note(index: usize, dice: &mut Dice, line: &mut Vec<u8>) -> io::Result<()> {
    if dice.chance(0.3) {
        return write!(line, ", \"note_{index:03}\": null");
    }
    write!(line, ", \"note_{index:03}\": \"")?;
    for word in 0..dice.whole(2, 8) {
        write!(line, "{}{}", if word == 0 { "" } else { " " }, dice.pick(&WORDS))?;
    }
    write!(line, "\"")
}
