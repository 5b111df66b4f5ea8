//! What a client may send is bounded, and each bound says so.

use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::json;

use crate::{Running, ask, folder, until};

#[test]
fn each_bound_is_told() {
    let data = folder();
    let service = Running::start(data.path(), &[]);
    let decision =
        |context: usize| format!(r#"{{"key":"k","action":"a","probability":1,"context":"{}"}}"#, "c".repeat(context));
    let (status, told) = service.post("/log_decision", &decision(64 << 10));
    assert_eq!((status, &told["field"]), (400, &json!("context")), "{told}");
    assert_eq!(service.post("/log_decision", &decision(60 << 10)).0, 200);
    let key = |letters: usize| format!(r#"{{"key":"{}","reward":1}}"#, "k".repeat(letters));
    assert_eq!(service.post("/log_reward", &key(512)).0, 200);
    let (status, told) = service.post("/log_reward", &key(513));
    assert_eq!((status, &told["field"]), (400, &json!("key")), "{told}");
    let many = |events: usize| "{\"key\":\"k\",\"reward\":1}\n".repeat(events);
    assert_eq!(service.post("/log_reward", &many(10_000)).1["accepted"], 10_000);
    let (status, told) = service.post("/log_reward", &many(10_001));
    assert_eq!(status, 400);
    assert!(told["reason"].as_str().unwrap().contains("more than 10000 events"), "{told}");
    assert_eq!(service.ask("POST", "/log_reward", &" ".repeat((1 << 20) + 1)).0, 413);
    let (status, told) = service.post("/log_event", "{}");
    assert_eq!(status, 400);
    assert!(told["reason"].as_str().unwrap().contains("start the service with a document"), "{told}");
}

#[test]
fn more_than_the_rate_is_answered_429() {
    let data = folder();
    let service = Running::start(data.path(), &["--rate", "20"]);
    let one = r#"{"key":"k","reward":1}"#;
    let twenty = format!("{one}\n").repeat(20);
    assert_eq!(service.post("/log_reward", &format!("{twenty}{one}\n")).0, 429, "never so many at once");
    let codes: Vec<u16> = (0..3).map(|_| service.post("/log_reward", &twenty).0).collect();
    assert!(codes.contains(&200) && codes.contains(&429), "{codes:?}");
    let taken = 20 * codes.iter().filter(|code| **code == 200).count() as u64;
    until("what was taken is counted", || service.counters()["rewards"] >= taken);
    assert_eq!(service.counters()["rewards"], taken, "what is answered 429 is not stored");
    let metrics = service.ask("GET", "/metrics", "").1;
    assert!(metrics.contains("join_requests_total{address=\"/log_reward\",code=\"429\"}"), "{metrics}");
}

#[test]
fn more_than_may_wait_is_answered_503_and_not_stored() {
    let data = folder();
    let service = Running::start(data.path(), &["--waiting", "1"]);
    // One is being written and one waits: of eight at a time some are too many.
    let (taken, refused) = (AtomicU64::new(0), AtomicU64::new(0));
    let body = "{\"key\":\"k\",\"reward\":1}\n".repeat(2_000);
    until("somebody is refused", || {
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| match ask(&service.address, "POST", "/log_reward", &body).unwrap() {
                    (200, _) => taken.fetch_add(1, Ordering::Relaxed),
                    (status, told) => {
                        assert!(status == 503 && told.contains("too many requests wait"), "{status} {told}");
                        refused.fetch_add(1, Ordering::Relaxed)
                    }
                });
            }
        });
        refused.load(Ordering::Relaxed) > 0
    });
    let wanted = 2_000 * taken.load(Ordering::Relaxed);
    until("what was taken is counted", || service.counters()["rewards"] >= wanted);
    assert_eq!(service.counters()["rewards"], wanted, "what is answered 503 is not stored");
    assert_eq!(service.post("/log_reward", r#"{"key":"k","reward":1}"#).0, 200);
}
