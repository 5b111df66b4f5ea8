//! Work that somebody stops: within a model, not at its end.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};

use attribution::{Model, Outcome, Paths, Unable, run_all_while};

/// Paths that slow models are slow on: many windows, many sets, more channels than are summed over.
fn paths() -> Paths {
    let mut paths = Paths::new();
    for channel in 0..24 {
        paths.names.intern(&format!("channel {channel}"));
    }
    for path in 0..300_u32 {
        (0..12).for_each(|touch| paths.touch((path * 7 + touch * touch * (1 + path % 11)) % 24));
        paths.close(Outcome { conversions: f64::from(path % 2), nulls: 1.0, value: 0.0 }).unwrap();
    }
    paths
}

#[test]
fn a_slow_model_is_stopped_on_its_way() {
    let paths = paths();
    for name in ["markov:3", "markov:auto", "shapley_rate_subset", "shapley_rate_per_journey"] {
        let model = Model::read(name).unwrap();
        let asked = Cell::new(0);
        let whole = model.run_while(paths.sample(), &|| {
            asked.set(asked.get() + 1);
            true
        });
        assert!(whole.is_ok() && asked.get() > 2, "{name} was asked {} times", asked.get());
        for last in [0, asked.get() / 2, asked.get() - 1] {
            let left = Cell::new(last);
            let stopped = model.run_while(paths.sample(), &|| {
                let goes_on = left.get() > 0;
                left.set(left.get().saturating_sub(1));
                goes_on
            });
            assert_eq!(stopped.err(), Some(Unable::Stopped), "{name} after {last} looks");
        }
        assert_eq!(whole, model.run(paths.sample()), "{name}");
    }
}

#[test]
fn nothing_is_told_of_what_was_stopped() {
    let paths = paths();
    let models = [Model::read("linear").unwrap(), Model::read("shapley_rate_subset").unwrap()];
    for most in [0, 1, 3] {
        let looks = AtomicU32::new(0);
        let go_on = || looks.fetch_add(1, Ordering::Relaxed) < most;
        assert_eq!(run_all_while(paths.sample(), &models, 2, &go_on), None);
    }
    assert!(run_all_while(paths.sample(), &models, 2, &|| true).is_some_and(|answers| answers.len() == 2));
}
