//! The events of sample-data/make.py, of any number of users for any time: users with skill, spending and
//! pace play sessions of games; most sessions show one offer. Made as time goes on: what is held are the
//! users and the sessions that are open.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Write};

use super::dice::Dice;
use super::moment::Moment;

/// Name, price in dollars, chance of a purchase, and what makes it better by how much.
const OFFERS: [(&str, &str, f64, Taste, f64); 6] = [
    ("starter_pack", "1.99", 0.05, Taste::New, 5.0),
    ("daily_deal", "2.99", 0.10, Taste::Nothing, 1.0),
    ("coin_doubler", "0.99", 0.24, Taste::Lost, 1.4),
    ("weekend_special", "4.99", 0.07, Taste::Weekend, 2.6),
    ("spring_sale", "6.99", 0.06, Taste::ThirdWeek, 3.6),
    ("vip_bundle", "19.99", 0.02, Taste::Spender, 6.0),
];
const COUNTRIES: [(&str, &str); 7] =
    [("US", "en"), ("DE", "de"), ("BR", "pt"), ("IN", "en"), ("JP", "ja"), ("FR", "fr"), ("MX", "es")];
const DEVICES: [[&str; 5]; 5] = [
    ["Android", "14", "phone", "Google", "Pixel 8"],
    ["Android", "13", "phone", "Samsung", "Galaxy A54"],
    ["Android", "12", "tablet", "Lenovo", "Tab M10"],
    ["iOS", "17.4", "phone", "Apple", "iPhone 14"],
    ["iOS", "16.7", "tablet", "Apple", "iPad 9"],
];
const SIGN_IN: [&str; 4] = ["guest", "guest", "fb", "email"];
const VERSIONS: [&str; 3] = ["1.0", "1.0", "1.1"];

#[derive(Clone, Copy)]
enum Taste {
    New,
    Nothing,
    Lost,
    Weekend,
    ThirdWeek,
    Spender,
}

pub(super) fn write(events: u64, users: u64, seed: u64, out: &mut dyn Write) -> io::Result<()> {
    let mut players: Vec<Player> = (0..users.max(1)).map(|number| Player::new(seed, number)).collect();
    let mut sessions: BinaryHeap<Reverse<(Moment, usize)>> =
        players.iter().enumerate().map(|(index, player)| Reverse((Moment::after_days(player.day), index))).collect();
    let mut arriving: BinaryHeap<Reverse<(Moment, u64, String)>> = BinaryHeap::new();
    let (mut made, mut written, mut decisions) = (0, 0, 0);
    while let Some(Reverse((start, index))) = sessions.pop() {
        // No event arrives before its session starts.
        while arriving.peek().is_some_and(|Reverse((arrival, ..))| *arrival <= start) {
            let Some(Reverse((_, _, line))) = arriving.pop() else { break };
            out.write_all(line.as_bytes())?;
            written += 1;
            if written == events {
                return Ok(());
            }
        }
        decisions += 1;
        let player = &mut players[index];
        for (arrival, line) in player.play(start, decisions) {
            made += 1;
            arriving.push(Reverse((arrival, made, line)));
        }
        player.sessions += 1;
        player.day += 0.3 + player.dice.wait(player.pace);
        sessions.push(Reverse((Moment::after_days(player.day), index)));
    }
    Ok(())
}

/// What a player's events all say, as the start of a line wants it.
struct Player {
    dice: Dice,
    id: String,
    country: usize,
    device: usize,
    sign_in: &'static str,
    version: &'static str,
    skill: f64,
    spender: bool,
    coins: i64,
    level: i64,
    /// Of the next session.
    day: f64,
    pace: f64,
    sessions: u64,
}

impl Player {
    fn new(seed: u64, number: u64) -> Player {
        let mut dice = Dice::of(seed, number);
        Player {
            id: format!("u{number:04}-{:04x}", dice.bits() & 0xffff),
            country: dice.whole(0, COUNTRIES.len() as i64 - 1) as usize,
            device: dice.whole(0, DEVICES.len() as i64 - 1) as usize,
            sign_in: SIGN_IN[dice.whole(0, 3) as usize],
            version: VERSIONS[dice.whole(0, 2) as usize],
            skill: dice.between(0.25, 0.75),
            spender: dice.chance(0.12),
            coins: dice.whole(200, 4000),
            level: dice.whole(1, 9),
            day: if dice.chance(0.6) { 0.0 } else { dice.between(0.0, 12.0) } + dice.between(0.0, 1.5),
            pace: dice.between(1.0, 4.4),
            sessions: 0,
            dice,
        }
    }

    /// The events of one session with their arrivals: their times, and some seconds of travel.
    fn play(&mut self, start: Moment, decision: u64) -> Vec<(Moment, String)> {
        let mut at = start;
        let mut said = Said { session: format!("s-{:08x}", self.dice.bits() as u32), lines: Vec::new() };
        let launch = self.launch();
        said.event(self, at, at, "app_launched", &launch);
        let mut lost = false;
        for _ in 0..1 + self.dice.wait(1.3) as u32 {
            at = at.plus_seconds(4.0 + self.dice.wait(25.0));
            let state = format!("\"level\": {}, \"currency_balance\": \"{}\"", self.level, self.coins);
            said.event(self, at, at, "game_start", &state);
            at = at.plus_seconds(60.0 + self.dice.wait(150.0));
            let won = self.dice.chance(self.skill);
            lost = !won;
            self.coins = (self.coins + if won { 150 } else { -60 }).max(0);
            self.level += i64::from(won);
            let (score, won) = (self.dice.whole(800, 9900), u8::from(won));
            let state = format!(
                "\"level\": {}, \"currency_balance\": \"{}\", \"score\": {score}, \"won\": \"{won}\"",
                self.level, self.coins
            );
            said.event(self, at, at, "game_end", &state);
            if self.dice.chance(0.02) {
                at = at.plus_seconds(self.dice.wait(20.0));
                let sku = self.dice.whole(1, 4);
                let bought =
                    format!("\"sku\": \"coins-{sku}\", \"txn_amount\": \"1.99\", \"purchase_source\": \"shop\"");
                said.event(self, at, at, "purchase", &bought);
            }
        }
        if self.dice.chance(0.72) {
            at = at.plus_seconds(2.0 + self.dice.wait(6.0));
            self.show_offer(at, lost, decision, &mut said);
        }
        said.lines
    }

    fn launch(&self) -> String {
        let (country, language) = COUNTRIES[self.country];
        let [os, os_version, kind, make, model] = DEVICES[self.device];
        format!(
            "\"country\": \"{country}\", \"language\": \"{language}\", \"signin_method\": \"{}\", \
             \"package_name\": \"stonefall\", \"package_version\": \"{}\", \"os\": \"{os}\", \
             \"os_version\": \"{os_version}\", \"device_type\": \"{kind}\", \"device_make\": \"{make}\", \
             \"device_model\": \"{model}\"",
            self.sign_in, self.version
        )
    }

    fn show_offer(&mut self, at: Moment, lost: bool, decision: u64, said: &mut Said) {
        let (chosen, probability) = self.choose(at);
        let (offer, price, base, taste, boost) = OFFERS[chosen];
        let decided = format!("\"decision_id\": \"d{decision:05}\"");
        let shown = format!(
            "{decided}, \"offer_type\": \"{offer}\", \"offer_price\": \"{price}\", \"probability\": {probability}"
        );
        said.event(self, at, at, "offer_shown", &shown);
        if self.dice.chance(0.006) {
            // Delivered twice.
            said.event(self, at, at, "offer_shown", &shown);
        }
        if self.dice.chance(0.015) {
            let (later, who) = (self.dice.between(-3.0, 8.0), *self.dice.pick(&["campaign", "support"]));
            let by = at.plus_seconds(later);
            said.event(self, by, at, "offer_overridden", &format!("{decided}, \"reason\": \"{who}\""));
        }
        let holds = match taste {
            Taste::New => self.sessions == 0,
            Taste::Nothing => false,
            Taste::Lost => lost,
            Taste::Weekend => at.is_weekend(),
            Taste::ThirdWeek => at.days() >= 14,
            Taste::Spender => self.spender,
        };
        if self.dice.chance(base * if holds { boost } else { 1.0 }) {
            let mut delay = 3.0 + self.dice.wait(32.0);
            if self.dice.chance(0.01) {
                // A device whose clock is behind.
                delay = -self.dice.between(1.0, 4.0);
            }
            let known = if self.dice.chance(0.012) { 'x' } else { 'd' };
            let paid = format!(
                "\"decision_id\": \"{known}{decision:05}\", \"sku\": \"{offer}\", \"txn_amount\": \"{price}\", \
                 \"purchase_source\": \"offer\""
            );
            said.event(self, at.plus_seconds(delay), at, "purchase", &paid);
        }
    }

    /// The policy that the log was written under, and the chance that it gave to what it chose: even draws in
    /// the first week, then ever more of its favourite.
    fn choose(&mut self, at: Moment) -> (usize, &'static str) {
        let week = at.days() / 7;
        let favourite = match () {
            () if self.sessions == 0 => 0,
            () if self.spender => 5,
            () if at.is_weekend() => 3,
            () if week == 2 => 4,
            () => 1,
        };
        let (share, even, favoured) = match week {
            0 => (0.0, "0.1667", "0.1667"),
            1 => (0.45, "0.0917", "0.5417"),
            _ => (0.7, "0.05", "0.75"),
        };
        let chosen = if self.dice.chance(share) { favourite } else { self.dice.whole(0, 5) as usize };
        (chosen, if chosen == favourite { favoured } else { even })
    }
}

/// The events of a session so far.
struct Said {
    session: String,
    lines: Vec<(Moment, String)>,
}

impl Said {
    /// An event of the time `at` that is sent at `sent`, where that is later.
    fn event(&mut self, player: &mut Player, at: Moment, sent: Moment, event_id: &str, fields: &str) {
        let arrival = at.max(sent).plus_seconds(player.dice.wait(4.0));
        let (id, session) = (&player.id, &self.session);
        let line = format!(
            "{{\"event_time\": \"{at}\", \"event_id\": \"{event_id}\", \"customer_identifier\": \"{id}\", \
             \"session_id\": \"{session}\", {fields}}}\n"
        );
        self.lines.push((arrival, line));
    }
}
