//! As many users as events: what an identity costs.

use std::io::{self, Write};

use super::dice::Dice;
use super::moment::Moment;

pub(super) fn write(events: u64, seed: u64, out: &mut dyn Write) -> io::Result<()> {
    let mut dice = Dice::new(seed);
    let mut at = Moment(0);
    for number in 0..events {
        at = at.plus_seconds(dice.wait(2.0));
        let session = dice.bits() as u32;
        writeln!(
            out,
            "{{\"event_time\": \"{at}\", \"event_id\": \"app_launched\", \"customer_identifier\": \"u{number:07}\", \
             \"session_id\": \"s-{session:08x}\", \"country\": \"DE\", \"os\": \"iOS\", \"signin_method\": \"fb\"}}"
        )?;
    }
    Ok(())
}
