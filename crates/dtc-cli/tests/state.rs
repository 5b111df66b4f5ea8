//! `dtc transform --state`: batches, changed documents, damage, two at once, and sudden death.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::{Place, STREAMING, Said, WINDOW};

fn project() -> Place {
    let place = Place::make();
    let stream =
        STREAMING.replace("Time: parse", "EventId: source.id\nTime: parse").replace("1 / int(source.n)", "'0.5'");
    place.file("s.yaml", stream);
    place.file("w.yaml", WINDOW);
    place
}

fn events(numbers: std::ops::Range<u32>) -> String {
    let event = |number: u32| {
        let (user, minute, second) = (number % 7, number / 60 % 60, number % 60);
        format!(
            "{{\"id\":{number},\"user\":\"u{user}\",\"at\":\"2020-01-01T{:02}:{minute:02}:{second:02}Z\",\"event\":\"start\",\"session\":\"s{}\"}}\n",
            number / 3600,
            number / 50
        )
    };
    numbers.map(event).collect()
}

fn run(place: &Place, data: &[&str], more: &[&str]) -> Said {
    place.dtc(&[&["transform", "--streaming", "s.yaml"], data, more].concat())
}

fn held(place: &Place, more: &[&str]) -> String {
    run(place, &["--state", "st"], more).succeeds().out.clone()
}

#[test]
fn two_batches_hold_what_one_run_gives() {
    let place = project();
    place.file("1.json", events(0..500));
    place.file("2.json", events(500..800));
    for more in [&[][..], &["--window", "w.yaml"]] {
        let _ = fs::remove_dir_all(place.path().join("st"));
        let at_once = run(&place, &["1.json", "2.json"], more).succeeds().out.clone();
        assert_eq!(held(&place, more), "", "nothing yet");
        let first = run(&place, &["1.json", "--state", "st"], more);
        assert_eq!(first.succeeds().out, run(&place, &["1.json"], more).out);
        let second = run(&place, &["2.json", "--state", "st"], more);
        assert!(second.succeeds().out.len() < at_once.len(), "{}", second.out);
        assert_eq!(held(&place, more), at_once);
        let again = run(&place, &["2.json", "--state", "st"], more);
        assert_eq!(again.succeeds().out, "");
        assert!(again.err.contains("note: 300 events counted already; their ids came before"), "{}", again.err);
        assert_eq!(held(&place, more), at_once);
    }
}

#[test]
fn rows_of_earlier_batches_are_not_given_again() {
    let place = project();
    place.file("1.json", events(0..500));
    place.file("2.json", events(500..800));
    let window = ["--window", "w.yaml", "--state", "st"];
    let rows = |said: &Said| said.succeeds().out.matches("\"last.events\"").count();
    let (first, second) = (run(&place, &["1.json"], &window), run(&place, &["2.json"], &window));
    let all = run(&place, &["1.json", "2.json"], &["--window", "w.yaml"]);
    assert_eq!(rows(&first) + rows(&second), rows(&all));
}

#[test]
fn tables_of_a_batch_hold_its_news() {
    let place = project();
    place.file("1.json", events(0..500));
    place.file("2.json", events(500..520));
    run(&place, &["1.json", "--state", "st"], &["--format", "csv", "--out", "o"]).succeeds();
    assert_eq!(place.read("o/user.csv").lines().count(), 1 + 7);
    run(&place, &["2.json", "--state", "st"], &["--format", "csv", "--out", "o"]).succeeds();
    assert_eq!(place.read("o/session.csv").lines().count(), 1 + 7, "{}", place.read("o/session.csv"));
    run(&place, &["--state", "st"], &["--format", "csv", "--out", "o"]).succeeds();
    assert_eq!(place.read("o/session.csv").lines().count(), 1 + 11 * 7);
}

#[test]
fn a_state_of_other_documents_is_refused() {
    let place = project();
    place.file("1.json", events(0..10));
    run(&place, &["1.json", "--state", "st"], &[]).succeeds();
    let good = place.read("s.yaml");
    for (from, to, message) in [
        (
            "Name: games",
            "Name: plays",
            "aggregate `user`: Identity of 0 dimensions: then games integer, now plays integer",
        ),
        ("Type: float", "Type: string", "then share float, now share string"),
        ("Name: session\n", "Name: visit\n", "then aggregate `session`"),
        ("Aggregate:Block", "Aggregate:Identity", "then aggregate `session`: Block of 1 dimensions"),
    ] {
        place.file(
            "s.yaml",
            good.replace(from, to)
                .replace("user.games", if from.contains("games") { "user.plays" } else { "user.games" })
                .replace("session.events", if to.contains("visit") { "visit.events" } else { "session.events" }),
        );
        let said = run(&place, &["1.json", "--state", "st"], &[]);
        said.fails(1, "DTC0703: the state in st/state.redb was made by other documents: ");
        said.fails(1, message);
        said.fails(1, "name another state and run all data again");
    }
    place.file("s.yaml", good.replace("user.games + 1", "user.games + 2"));
    run(&place, &["1.json", "--state", "st"], &[]).succeeds();
    let with_window = run(&place, &["1.json", "--state", "st"], &["--window", "w.yaml"]);
    with_window.fails(1, "now there is more: window `features`");
    run(&place, &["1.json", "--state", "st"], &["--compat", "blurr"]).fails(1, "then rules: the studio's");
}

#[test]
fn damage_is_told_with_its_cure() {
    let place = project();
    place.file("1.json", events(0..10));
    place.file("st/state.redb", "something else entirely, and not short");
    let said = run(&place, &["1.json", "--state", "st"], &[]);
    said.fails(1, "DTC0702: st/state.redb is damaged");
    place.file("file", "");
    run(&place, &["1.json", "--state", "file"], &[]).fails(1, "file is a file; a folder is needed here");
}

/// Starts a batch and leaves it running.
fn start(place: &Place, data: &str) -> std::process::Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dtc"));
    command.args(["transform", "--streaming", "s.yaml", data, "--state", "st"]).current_dir(place.path());
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
fn two_processes_at_once_are_refused() {
    let place = project();
    place.file("1.json", events(0..60_000));
    place.file("2.json", events(0..1));
    let mut first = start(&place, "1.json");
    while !place.path().join("st/state.redb").exists() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let second = run(&place, &["2.json", "--state", "st"], &[]);
    let done = first.try_wait().unwrap().is_some();
    assert!(first.wait().unwrap().success());
    if !done {
        second.fails(1, "DTC0701: st/state.redb is in use by another run");
    }
}

#[test]
fn sudden_death_leaves_the_state_before_or_after_the_batch() {
    let place = project();
    place.file("1.json", events(0..400));
    place.file("2.json", events(400..8_000));
    run(&place, &["1.json", "--state", "st"], &[]).succeeds();
    let before = held(&place, &[]);
    let after = run(&place, &["1.json", "2.json"], &[]).succeeds().out.clone();
    fs::copy(place.path().join("st/state.redb"), place.path().join("kept")).unwrap();
    let (mut unchanged, mut changed) = (0, 0);
    for delay in [0, 2, 5, 10, 20, 30, 40, 60, 80, 100, 130, 170, 220, 300, 400] {
        let mut batch = start(&place, "2.json");
        std::thread::sleep(Duration::from_millis(delay));
        batch.kill().unwrap();
        batch.wait().unwrap();
        match held(&place, &[]) {
            held if held == before => unchanged += 1,
            held if held == after => changed += 1,
            held => panic!("after {delay} ms it is neither: {held}"),
        }
        run(&place, &["2.json", "--state", "st"], &[]).succeeds();
        assert_eq!(held(&place, &[]), after, "run again after a death at {delay} ms");
        fs::copy(place.path().join("kept"), place.path().join("st/state.redb")).unwrap();
    }
    assert!(unchanged > 0, "no batch died early: {unchanged} unchanged, {changed} changed");
}
