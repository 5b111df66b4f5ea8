//! Sudden death at 200 points, by time and by what has been printed, spread over the stores. The state that
//! is left is the one before the batch or the one after, and the batch, run again, gives the rows of a run
//! that nothing disturbed.

use std::fs::{self, File};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::remote::dtc;
use crate::{Place, STREAMING, WINDOW, moto};

const BATCHES: usize = 5;
const EVENTS: usize = 240;

/// What tells events apart.
#[derive(Clone, Copy, PartialEq)]
enum Once {
    ById,
    ByOffset,
}

/// What batches give where nothing disturbs them.
struct Undisturbed {
    place: Place,
    once: Once,
    port: u16,
    /// By batch: what it prints, and what is held after it; the first is before any.
    printed: Vec<String>,
    held: Vec<String>,
    /// How long a batch takes.
    takes: Duration,
}

fn event(number: usize) -> String {
    let (user, second) = (number * 7 % 19, number % 60);
    format!(
        "{{\"id\":{number},\"user\":\"u{user}\",\"at\":\"2020-01-01T{:02}:{:02}:{second:02}Z\",\"event\":\"start\",\"session\":\"s{}\"}}\n",
        number / 3600,
        number / 60 % 60,
        number / 100
    )
}

/// Where dying is worth a look.
struct Death {
    /// After so much time, and so many bytes on standard output, and so much time more.
    after: Duration,
    printed: u64,
    more: Duration,
}

struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end.max(1)
    }
}

impl Undisturbed {
    fn make(once: Once, port: u16, state: &str) -> Undisturbed {
        let place = Place::make();
        let stream = STREAMING.replace("1 / int(source.n)", "'0.5'");
        let id = if once == Once::ById { "EventId: source.id\nTime: parse" } else { "Time: parse" };
        place.file("s.yaml", stream.replace("Time: parse", id));
        place.file("w.yaml", WINDOW);
        let mut undisturbed =
            Undisturbed { place, once, port, printed: vec![String::new()], held: Vec::new(), takes: Duration::ZERO };
        undisturbed.held.push(undisturbed.held_in(state));
        for batch in 1..=BATCHES {
            undisturbed.give(batch);
            let start = Instant::now();
            let out = undisturbed.batch(state).output().unwrap();
            undisturbed.takes = start.elapsed().max(undisturbed.takes);
            assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
            undisturbed.printed.push(String::from_utf8(out.stdout).unwrap());
            undisturbed.held.push(undisturbed.held_in(state));
            assert_ne!(undisturbed.held[batch], undisturbed.held[batch - 1]);
        }
        undisturbed
    }

    /// The data that a batch is given: its own, or a log that has grown.
    fn give(&self, batch: usize) {
        let from = if self.once == Once::ById { (batch - 1) * EVENTS } else { 0 };
        let events: String = (from..batch * EVENTS).map(event).collect();
        self.place.file("log.json", events);
    }

    fn transform(&self, state: &str) -> Command {
        let mut command = dtc(&self.place, self.port);
        command.args(["transform", "--streaming", "s.yaml", "--window", "w.yaml", "--threads", "1", "--state", state]);
        command.stderr(Stdio::piped());
        command
    }

    fn batch(&self, state: &str) -> Command {
        let mut command = self.transform(state);
        command.arg("log.json");
        command
    }

    fn held_in(&self, state: &str) -> String {
        let out = self.transform(state).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    }

    /// Runs a batch until its death; gives what it printed.
    fn dies(&self, state: &str, death: &Death) -> String {
        let path = self.place.path().join("printed");
        let mut command = self.batch(state);
        command.stdout(File::create(&path).unwrap()).stderr(Stdio::null());
        let start = Instant::now();
        let mut child = command.spawn().unwrap();
        loop {
            let printed = fs::metadata(&path).unwrap().len();
            if child.try_wait().unwrap().is_some() {
                break;
            }
            if start.elapsed() >= death.after && printed >= death.printed {
                std::thread::sleep(death.more);
                break;
            }
            std::thread::sleep(Duration::from_micros(200));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        fs::read_to_string(path).unwrap()
    }

    fn death(&self, chance: &mut Chance, batch: usize) -> Death {
        let takes = self.takes.as_micros() as u64;
        let micros = |chance: &mut Chance, end: u64| Duration::from_micros(chance.below(end));
        match chance.below(3) {
            0 => Death { after: micros(chance, takes), printed: 0, more: Duration::ZERO },
            // While the state is written.
            1 => {
                let more = micros(chance, takes / 3);
                Death { after: Duration::ZERO, printed: self.printed[batch].len() as u64, more }
            }
            _ => {
                let printed = chance.below(self.printed[batch].len() as u64);
                Death { after: Duration::ZERO, printed, more: micros(chance, 3_000) }
            }
        }
    }

    /// So many deaths, in batch after batch; `fresh` names a state for each time round.
    fn survives(&self, deaths: usize, seed: u64, fresh: impl Fn(usize) -> String) {
        let mut chance = Chance(seed);
        let (mut unchanged, mut changed) = (0, 0);
        for number in 0..deaths {
            let (round, batch) = (number / BATCHES, number % BATCHES + 1);
            let state = fresh(round);
            self.give(batch);
            let death = self.death(&mut chance, batch);
            let printed = self.dies(&state, &death);
            let held = self.held_in(&state);
            let again = self.batch(&state).output().unwrap();
            assert!(again.status.success(), "death {number}: {}", String::from_utf8_lossy(&again.stderr));
            let again = String::from_utf8(again.stdout).unwrap();
            if held == self.held[batch - 1] {
                unchanged += 1;
                assert_eq!(again, self.printed[batch], "death {number}: run again after nothing was kept");
            } else {
                changed += 1;
                assert_eq!(held, self.held[batch], "death {number}: neither before nor after");
                assert_eq!(printed, self.printed[batch], "death {number}: kept, but not printed");
                assert_eq!(again, "", "death {number}: counted twice");
            }
            if batch == BATCHES || number + 1 == deaths {
                assert_eq!(self.held_in(&state), self.held[batch], "death {number}: at the end of round {round}");
            }
        }
        println!("{deaths} deaths: {unchanged} before the commit, {changed} after it");
        assert!(unchanged > deaths / 10, "{unchanged} batches of {deaths} died before their commit");
    }
}

#[test]
fn the_folder_survives_with_event_ids() {
    let undisturbed = Undisturbed::make(Once::ById, 1, "st");
    undisturbed.survives(70, 11, |round| format!("st-{round}"));
}

#[test]
fn the_folder_survives_with_offsets() {
    let undisturbed = Undisturbed::make(Once::ByOffset, 1, "st");
    undisturbed.survives(70, 12, |round| format!("st-{round}"));
}

#[test]
fn s3_survives() {
    let (port, bucket) = (moto::shared().unwrap(), moto::fresh_name("crash"));
    moto::create_bucket(port, &bucket).unwrap();
    let undisturbed = Undisturbed::make(Once::ById, port, &format!("s3://{bucket}/undisturbed"));
    undisturbed.survives(30, 13, |round| format!("s3://{bucket}/{round}"));
    // Nothing is left of the batches that died.
    let listed = moto::send(port, "GET", &format!("/{bucket}?list-type=2&prefix=0/"), "s3", "", "").unwrap();
    let keys: Vec<&str> = listed.split("<Key>").skip(1).filter_map(|rest| rest.split("</Key>").next()).collect();
    assert_eq!(keys.len(), 3, "the head, the states and the ids: {keys:?}");
}

#[test]
fn dynamodb_survives() {
    let (port, table) = (moto::shared().unwrap(), moto::fresh_name("crash"));
    moto::create_table(port, &table, true).unwrap();
    let undisturbed = Undisturbed::make(Once::ByOffset, port, &format!("dynamodb://{table}/undisturbed"));
    undisturbed.survives(30, 14, |round| format!("dynamodb://{table}/{round}"));
}
