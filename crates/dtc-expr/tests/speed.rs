//! A measurement, run by hand: `cargo test -p dtc-expr -- --ignored --nocapture evaluations`.

use std::time::Instant;

use crate::support::{frame, program};

#[test]
#[ignore = "a measurement, not a test"]
fn evaluations_a_second() {
    let mut frame = frame(r#"{"event_id":"game_end","won":true,"level":3}"#);
    for text in [
        "session.count + 1",
        "source.event_id == 'game_end'",
        "source.event_id == 'game_end' and source.won == True",
        "max(source.level, session.count)",
        "session.badges.increment(source.level)",
    ] {
        let program = program(text);
        let start = Instant::now();
        const RUNS: u32 = 2_000_000;
        for _ in 0..RUNS {
            std::hint::black_box(program.eval(&mut frame).unwrap());
        }
        println!("{:6.1} ns  {text}", start.elapsed().as_nanos() as f64 / f64::from(RUNS));
    }
}
