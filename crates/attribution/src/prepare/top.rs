//! Which name each channel is shown under: itself, `others`, its group, or none.

use super::Preparation;
use crate::names::{Channel, Names};

const OTHERS: &str = "others";

/// The new number of each channel (`None`: its touches are dropped), and the names of the new ones.
pub(super) fn names(channels: &Names, counts: Vec<u64>, preparation: &Preparation) -> (Vec<Option<Channel>>, Names) {
    let others = others(channels, preparation);
    let mut is_top = vec![true; channels.len()];
    if let Some(top) = preparation.top {
        let mut order = channels.sorted();
        order.sort_by_key(|channel| std::cmp::Reverse(counts[*channel as usize]));
        order.into_iter().skip(top).for_each(|channel| is_top[channel as usize] = false);
    }
    let mut shown = Names::default();
    let new = channels.iter().enumerate().map(|(channel, name)| {
        let name = if is_top[channel] { name } else { &others };
        match preparation.groups.iter().find(|(grouped, _)| grouped == name) {
            Some((_, group)) => group.as_deref(),
            None => Some(name),
        }
    });
    // A name whose touches were all cut away stays: what they cost is shown beside no credit.
    let new: Vec<Option<Channel>> = new.map(|name| name.map(|name| shown.intern(name))).collect();
    (new, shown)
}

/// The rest's name, which is nobody else's.
fn others(channels: &Names, preparation: &Preparation) -> String {
    let wanted = preparation.others.as_deref().unwrap_or(OTHERS);
    let mut name = wanted.to_owned();
    let mut number = 2;
    while channels.find(&name).is_some() {
        name = format!("{wanted} ({number})");
        number += 1;
    }
    name
}
