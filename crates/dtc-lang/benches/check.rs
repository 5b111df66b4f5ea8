//! Checking a document of 2,000 lines against reading the same YAML: with serde_yaml_ng into values, and
//! with saphyr-parser into nothing but events. Alternating runs; prints medians for `xtask bench check`.

use std::hint::black_box;
use std::time::{Duration, Instant};

use dtc_lang::{Project, Severity, check};
use saphyr_parser::{Event, Parser};

const LINES: usize = 2_000;
const RUNS: usize = 31;

fn main() {
    // `cargo test` runs benches once too, to see that they still work.
    let runs = if std::env::args().any(|argument| argument == "--bench") { RUNS } else { 1 };
    let text = document();
    let errors = check(&text, &Project::default()).1.into_iter().filter(|found| found.severity == Severity::Error);
    assert_eq!(errors.count(), 0);
    let mut times: [Vec<Duration>; 3] = Default::default();
    for _ in 0..runs {
        times[0].push(timed(|| drop(black_box(check(&text, &Project::default())))));
        times[1].push(timed(|| drop(black_box(serde_yaml::from_str::<serde_yaml::Value>(&text).expect("it is YAML")))));
        times[2].push(timed(|| assert!(black_box(events(&text)) > LINES)));
    }
    println!("lines {} bytes {} runs {runs}", text.lines().count(), text.len());
    for (name, times) in ["check", "serde_yaml_ng", "saphyr-parser"].iter().zip(&mut times) {
        times.sort();
        let median = times[times.len() / 2].as_secs_f64() * 1e3;
        println!("{name} {median:.3} ms (fastest {:.3})", times[0].as_secs_f64() * 1e3);
    }
}

fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn events(text: &str) -> usize {
    let events = Parser::new_from_str(text).map(|event| event.expect("it is YAML").0);
    events.filter(|event| !matches!(event, Event::Nothing)).count()
}

/// Blocks of nine lines, as large documents have them.
fn document() -> String {
    let mut text = "Type: ProductML:DTC:Streaming\nVersion: '2018-03-01'\nName: shop\nIdentity: source.user\n\
                    Time: parse_time(source.at)\nStores:\n  - Type: ProductML:DTC:Store:Memory\n    Name: memory\nAggregates:\n"
        .to_owned();
    let mut number = 0;
    while text.lines().count() < LINES {
        number += 1;
        text.push_str(&format!(
            "  - Type: ProductML:DTC:Aggregate:Activity\n    Name: a{number}\n    Store: memory\n    \
             SeparateByInactiveSeconds: 60\n    Fields:\n      - Name: events\n        Type: integer\n        \
             Value: a{number}.events + 1\n        When: source.kind == 'k{number}' and a{number}.events < 10\n"
        ));
    }
    text
}
