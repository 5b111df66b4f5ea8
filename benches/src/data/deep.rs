//! Events whose facts lie in objects and lists, up to six deep: orders with lines, prices and options.

use std::io::{self, Write};

use super::dice::Dice;
use super::moment::Moment;

const COUNTRIES: [&str; 5] = ["DE", "FR", "BR", "JP", "US"];
/// A quarter of a day, in microseconds: some events of a user each.
const SESSION: i64 = 21_600_000_000;
const CHANNELS: [&str; 3] = ["web", "store", "phone"];
const COLOURS: [&str; 4] = ["red", "green", "blue", "black"];
const CARRIERS: [&str; 3] = ["post", "parcel", "van"];

pub(super) fn write(events: u64, users: u64, seed: u64, out: &mut dyn Write) -> io::Result<()> {
    let mut dice = Dice::new(seed);
    let mut at = Moment(0);
    let mut line = Vec::new();
    for number in 0..events {
        at = at.plus_seconds(dice.wait(2.0));
        event(number, at, users, &mut dice, &mut line)?;
        out.write_all(&line)?;
    }
    Ok(())
}

fn event(number: u64, arrival: Moment, users: u64, dice: &mut Dice, line: &mut Vec<u8>) -> io::Result<()> {
    line.clear();
    let at = arrival.plus_seconds(-dice.wait(4.0));
    let (channel, minor) = (dice.pick(&CHANNELS), dice.whole(0, 30));
    write!(
        line,
        "{{\"meta\": {{\"at\": \"{at}\", \"id\": \"e{number:08}\", \"sender\": {{\"channel\": \"{channel}\", \
         \"app\": {{\"name\": \"shop\", \"version\": {{\"major\": 4, \"minor\": {minor}}}}}}}}}, "
    )?;
    let (user, country) = (dice.bits() % users.max(1), dice.pick(&COUNTRIES));
    let (width, height) = (dice.whole(320, 1440), dice.whole(480, 3200));
    write!(
        line,
        "\"user\": {{\"id\": \"u{user:06}\", \"profile\": {{\"country\": \"{country}\", \"devices\": \
         [{{\"kind\": \"phone\", \"screen\": {{\"size\": [{width}, {height}]}}}}]}}}}, \
         \"session\": {{\"id\": \"h{}\"}}, \"order\": {{\"lines\": [",
        arrival.0 / SESSION
    )?;
    let mut total = 0;
    for position in 0..dice.whole(1, 4) {
        total += order_line(position, dice, line)?;
    }
    let (carrier, cost) = (dice.pick(&CARRIERS), dice.whole(0, 900));
    let tax = total / 5;
    writeln!(
        line,
        "], \"totals\": {{\"net\": {{\"amount\": {}.{:02}, \"currency\": \"EUR\"}}, \"tax\": {{\"amount\": {}.{:02}, \
         \"rates\": [{{\"rate\": 0.2, \"of\": [\"goods\", \"delivery\"]}}]}}}}, \"delivery\": {{\"carrier\": \
         {{\"name\": \"{carrier}\", \"price\": {{\"amount\": {}.{:02}}}}}, \"steps\": [[1, [2, [3]]], [4]]}}}}}}",
        total / 100,
        total % 100,
        tax / 100,
        tax % 100,
        cost / 100,
        cost % 100
    )
}

/// Writes a line of an order and gives its price in cents.
fn order_line(position: i64, dice: &mut Dice, line: &mut Vec<u8>) -> io::Result<i64> {
    let (sku, cents, quantity) = (dice.whole(1, 900), dice.whole(99, 9900), dice.whole(1, 3));
    let (colour, size) = (dice.pick(&COLOURS), dice.whole(36, 46));
    write!(
        line,
        "{}{{\"sku\": \"k{sku:03}\", \"quantity\": {quantity}, \"price\": {{\"amount\": {}.{:02}, \"currency\": \
         \"EUR\"}}, \"options\": [{{\"name\": \"colour\", \"values\": [\"{colour}\"]}}, {{\"name\": \"size\", \
         \"values\": [{size}]}}]}}",
        if position == 0 { "" } else { ", " },
        cents / 100,
        cents % 100
    )?;
    Ok(cents * quantity)
}
