//! The folder of a run's state: batches, damage, two at once.

use std::fs;

use dtc_io::state::FILE;
use dtc_io::{EmbeddedState, IoError, StateChange, StateStore};

fn change<'a>(states: &[(&'a str, &str)], seen: &[&'a str]) -> StateChange<'a> {
    let states = states.iter().map(|(identity, state)| (*identity, state.as_bytes().to_vec())).collect();
    StateChange { shape: "shape", states, seen: seen.to_vec(), rows: 3, inputs: Vec::new() }
}

#[test]
fn what_a_batch_wrote_is_there_for_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("a/b");
    let file = EmbeddedState::open(&place).unwrap();
    assert_eq!(file.head().unwrap(), None);
    assert_eq!(file.seen(&["x", "y"]).unwrap(), [false, false]);
    assert_eq!((file.load(&["u"]).unwrap().len(), file.all().unwrap().len()), (0, 0));
    file.commit(&change(&[("u", "1"), ("a", "2")], &["x"])).unwrap();
    drop(file);
    let file = EmbeddedState::open(&place).unwrap();
    file.commit(&change(&[("b", "3"), ("u", "4")], &["y"])).unwrap();
    let head = file.head().unwrap().unwrap();
    assert_eq!((head.shape.as_str(), head.rows), ("shape", 3));
    assert_eq!(file.load(&["u", "none"]).unwrap(), [("u".to_owned(), b"4".to_vec())]);
    let all: Vec<String> = file.all().unwrap().into_iter().map(|(identity, _)| identity).collect();
    assert_eq!(all, ["u", "a", "b"], "in order of first appearance");
    assert_eq!(file.seen(&["x", "z", "y"]).unwrap(), [true, false, true]);
}

#[test]
fn one_process_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let _first = EmbeddedState::open(folder.path()).unwrap();
    assert!(matches!(EmbeddedState::open(folder.path()), Err(IoError::StateBusy { .. })));
}

#[test]
fn damage_is_an_error_not_a_panic_nor_another_state() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE);
    {
        let file = EmbeddedState::open(folder.path()).unwrap();
        let names: Vec<String> = (0..2000).map(|number| format!("user-{number}")).collect();
        let states: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "a state of some length")).collect();
        file.commit(&change(&states, &["x"])).unwrap();
    }
    let good = fs::read(&path).unwrap();
    let whole = EmbeddedState::open(folder.path()).unwrap().all().unwrap();
    fs::write(&path, &good).unwrap();
    let mut damaged: Vec<Vec<u8>> =
        vec![b"not a database at all".repeat(100), good[..good.len() / 2].to_vec(), good[..100].to_vec()];
    for place in 0..120 {
        let mut bytes = good.clone();
        let at = (place * 7919 * 13) % bytes.len();
        bytes[at] ^= 1 << (place % 8);
        damaged.push(bytes);
        let mut bytes = good.clone();
        bytes[at..(at + 5000).min(good.len())].fill(0x5a);
        damaged.push(bytes);
    }
    let mut headless = good.clone();
    headless[..9].fill(0);
    damaged.push(headless);
    let mut found = 0;
    for bytes in damaged {
        fs::write(&path, bytes).unwrap();
        match EmbeddedState::open(folder.path()).and_then(|file| file.all()) {
            Ok(all) => assert_eq!(all, whole, "only what was free may change unseen"),
            Err(IoError::StateDamaged { .. }) => found += 1,
            Err(other) => panic!("{other}"),
        }
    }
    assert!(found > 30, "{found}");
}

/// What redb leaves on the disk when it dies before its magic number is written.
#[test]
fn a_file_whose_making_was_cut_off_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE);
    drop(EmbeddedState::open(folder.path()).unwrap());
    let size = fs::metadata(&path).unwrap().len() as usize;
    let mut with_header = vec![0; size];
    with_header[9..320].copy_from_slice(&fs::read(&path).unwrap()[9..320]);
    for left in [vec![0; size], with_header, vec![0; 5], vec![0; 100_000]] {
        fs::write(&path, left).unwrap();
        let file = EmbeddedState::open(folder.path()).unwrap();
        assert_eq!(file.head().unwrap(), None);
        file.commit(&change(&[("u", "1")], &[])).unwrap();
        drop(file);
        assert_eq!(EmbeddedState::open(folder.path()).unwrap().all().unwrap().len(), 1);
    }
}
