//! The proof's events as files in a bucket, told of by EventBridge into a queue, and read by the function from there; in the
//! ways in which files may come.

use anyhow::{Context, Result, bail};
use runtime_api::Runtime;
use serde_json::{Value, json};

use super::http;
use super::poller::Answer;
use super::proof::Proof;
use super::queue::{self, Call, Message};
use super::scenario;
use super::server::Server;
use super::stack::Function;
use super::trouble::Trouble;
use super::ways::Files;

/// Events of a file where nothing else is said.
const EVENTS: usize = 20;

pub struct Scenario {
    pub name: &'static str,
    /// By lane, in the order in which they are dropped.
    dropped: fn(&Proof) -> Vec<Vec<Vec<u8>>>,
    batch: Option<usize>,
    trouble: Trouble,
    /// Every file of a lane has the same key: the function must read the version that it was told of.
    overwritten: bool,
    /// Between the files comes what the function has to pass over, and one that is gone.
    is_poisoned: bool,
}

const AS_GIVEN: Scenario = Scenario {
    name: "as given",
    dropped: |proof| vec![chunks(&proof.events, EVENTS)],
    batch: None,
    trouble: Trouble::None,
    overwritten: false,
    is_poisoned: false,
};

/// Those that the function's settings promise to bear.
pub fn all(function: &Function) -> Vec<Scenario> {
    let dedup = function.environment.iter().find(|(name, _)| name == "DTC_DEDUP").map(|(_, value)| value.as_str());
    let mut all = vec![
        AS_GIVEN,
        Scenario { name: "split", dropped: |proof| vec![chunks(&proof.events, 1)], batch: Some(10), ..AS_GIVEN },
        Scenario { name: "reordered", dropped: |proof| vec![chunks(&interleaved(proof), 3)], ..AS_GIVEN },
        Scenario { name: "poisoned", dropped: poisoned, is_poisoned: true, ..AS_GIVEN },
        Scenario { name: "parallel", dropped: by_key, ..AS_GIVEN },
        Scenario { name: "overwritten", overwritten: true, ..AS_GIVEN },
    ];
    if dedup != Some("none") {
        let small: fn(&Proof) -> Vec<Vec<Vec<u8>>> = |proof| vec![chunks(&proof.events, 7)];
        let lost = Trouble::LostAnswers;
        all.push(Scenario { name: "answers lost", dropped: small, batch: Some(2), trouble: lost, ..AS_GIVEN });
        all.push(Scenario { name: "delivered twice", dropped: small, trouble: Trouble::Twice, ..AS_GIVEN });
    }
    if dedup == Some("event_id") {
        let twice = |proof: &Proof| {
            let files = chunks(&proof.events, EVENTS);
            vec![files.into_iter().flat_map(|file| [file.clone(), file]).collect()]
        };
        all.push(Scenario { name: "sent twice", dropped: twice, ..AS_GIVEN });
    }
    all
}

/// As JSON Lines.
fn chunks(events: &[String], many: usize) -> Vec<Vec<u8>> {
    events.chunks(many).map(|part| format!("{}\n", part.join("\n")).into_bytes()).collect()
}

fn interleaved(proof: &Proof) -> Vec<String> {
    let sent = scenario::interleaved(proof).into_iter();
    sent.map(|(_, event)| String::from_utf8_lossy(&event).into_owned()).collect()
}

/// Three lanes; the events of a key lie in the files of one.
fn by_key(proof: &Proof) -> Vec<Vec<Vec<u8>>> {
    proof.by_key().iter().map(|events| chunks(events, 4)).collect()
}

/// Lines and files that no producer should write.
fn poisoned(proof: &Proof) -> Vec<Vec<Vec<u8>>> {
    let mut files = Vec::new();
    for (number, mut file) in chunks(&proof.events, 5).into_iter().enumerate() {
        if number % 2 == 0 {
            file.splice(0..0, *b"{\"half\": \n");
            file.extend(b"[1, 2]\n");
        }
        if number % 3 == 0 {
            files.push([&b"\xff\xfe\x00 no text"[..], b" "][number / 3 % 2].to_vec());
        }
        files.push(file);
    }
    vec![files]
}

impl Scenario {
    /// Drops the files, brings what the rule tells of, and looks at what was given up.
    pub fn play(
        &self,
        files: &Files,
        proof: &Proof,
        server: &Server,
        start: &(dyn Fn(usize) -> Result<Runtime> + Sync),
    ) -> Result<()> {
        ready(server, &files.bucket)?;
        let mut lanes = Vec::new();
        for (lane, contents) in (self.dropped)(proof).iter().enumerate() {
            let mut messages = Vec::new();
            for (number, content) in contents.iter().enumerate() {
                let name = if self.overwritten { format!("{lane}/same") } else { format!("{lane}/ä b+{number:05}") };
                let told = dropped(server, files, &key_like(files.key.as_ref(), &name), content)?;
                let told = told.with_context(|| format!("the rule {} does not tell of {name}", files.id))?;
                messages.push(Message { id: format!("m-{lane}-{number}"), body: told.to_string(), taken: 0 });
            }
            lanes.push(messages);
        }
        let mut given_up = Vec::new();
        if self.is_poisoned {
            elsewhere(server, files, proof)?;
            lanes[0].splice(1..1, odd_messages(files));
            given_up.extend(files.settings.tries.map(|_| GONE.to_owned()));
        }
        let mut settings = files.settings.clone();
        settings.batch = self.batch.unwrap_or(settings.batch);
        let outcome = queue::poll(lanes, &settings, &|lane| {
            Ok(Caller { runtime: start(lane)?, queue: files.queue.clone(), trouble: self.trouble, calls: 0 })
        })?;
        if outcome.given_up != given_up {
            bail!("{:?} were given up instead of {given_up:?}", outcome.given_up);
        }
        Ok(())
    }

    /// Files and messages that go to the queue for what cannot be taken.
    pub fn poison(&self, proof: &Proof) -> Option<usize> {
        let bad = |file: &&Vec<u8>| file.starts_with(b"{\"half\"") || file.len() < 20 && !file.starts_with(b"{");
        self.is_poisoned.then(|| poisoned(proof)[0].iter().filter(bad).count() + 1)
    }
}

/// The message of an object that is there no more.
const GONE: &str = "m-gone";

/// What else may lie in the queue: no word of a file at all, S3's own test, a file that was deleted meanwhile.
fn odd_messages(files: &Files) -> Vec<Message> {
    let gone = notification(&files.bucket, &key_like(files.key.as_ref(), "gone"), 9, None);
    [
        ("m-odd", "{\"half\": ".to_owned()),
        ("m-test", json!({"Event": "s3:TestEvent"}).to_string()),
        (GONE, gone.to_string()),
    ]
    .map(|(id, body)| Message { id: id.to_owned(), body, taken: 0 })
    .into()
}

/// A file that the rule must not tell of, where it asks for anything.
fn elsewhere(server: &Server, files: &Files, proof: &Proof) -> Result<()> {
    let Some(key) = &files.key else { return Ok(()) };
    if dropped(server, files, "elsewhere.txt", &chunks(&proof.events, proof.events.len())[0])?.is_some() {
        bail!("the rule {} asks for {key} and tells of elsewhere.txt", files.id);
    }
    Ok(())
}

/// The bucket is there and keeps versions; one that is not the stack's own is made.
fn ready(server: &Server, bucket: &str) -> Result<()> {
    if server.get("s3", &format!("/{bucket}?location")).is_err() {
        server.put(&format!("/{bucket}"), b"")?;
    }
    let kept = b"<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Status>Enabled</Status></VersioningConfiguration>";
    server.put(&format!("/{bucket}?versioning"), kept)
}

/// Puts a file; gives what EventBridge brings of it, if the rule lets it through.
fn dropped(server: &Server, files: &Files, key: &str, content: &[u8]) -> Result<Option<Value>> {
    let path: Vec<String> = key.split('/').map(http::percent).collect();
    let path = path.join("/");
    server.put(&format!("/{}/{path}", files.bucket), content)?;
    let listed = server.get("s3", &format!("/{}?versions&prefix={}", files.bucket, http::percent(key)))?;
    let listed = String::from_utf8_lossy(&listed).into_owned();
    let versions = http::elements(&listed, "Version");
    let newest = versions.iter().find(|version| version.contains("<IsLatest>true</IsLatest>"));
    let version = newest.and_then(|version| Some(http::elements(version, "VersionId").first()?.to_string()));
    let told = notification(&files.bucket, key, content.len(), version.as_deref());
    Ok(files.pattern.matches_event(&told).then_some(told))
}

/// A key with this name inside that fits what the rule asks for.
fn key_like(asked: Option<&Value>, name: &str) -> String {
    let part = |test: &str| asked.and_then(|asked| asked.get(test)?.as_str());
    if let Some(wildcard) = part("wildcard") {
        return wildcard.replace("\\*", "\0").replacen('*', name, 1).replace('\0', "*").replace("\\\\", "\\");
    }
    format!("{}{name}{}", part("prefix").unwrap_or_default(), part("suffix").unwrap_or(".jsonl"))
}

/// What EventBridge says of a new object.
fn notification(bucket: &str, key: &str, size: usize, version: Option<&str>) -> Value {
    let mut object = json!({"key": key, "size": size, "etag": "0123456789abcdef0123456789abcdef", "sequencer": "0062E99A88DC407460"});
    if let Some(version) = version {
        object["version-id"] = version.into();
    }
    json!({
        "version": "0",
        "id": "17793124-05d4-b198-2fde-7ededc63b103",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": "123456789012",
        "time": "2026-01-01T00:00:00Z",
        "region": "us-east-1",
        "resources": [format!("arn:aws:s3:::{bucket}")],
        "detail": {
            "version": "0",
            "bucket": {"name": bucket},
            "object": object,
            "request-id": "N4N7GDK58NMKJ12R",
            "requester": "123456789012",
            "source-ip-address": "192.0.2.1",
            "reason": "PutObject",
        },
    })
}

/// A lane's function with what goes wrong on the way.
struct Caller {
    runtime: Runtime,
    queue: String,
    trouble: Trouble,
    calls: usize,
}

impl Call for Caller {
    fn call(&mut self, batch: &[Message]) -> Result<Answer> {
        self.calls += 1;
        let event = queue::event(&self.queue, batch);
        self.trouble.invoke(&mut self.runtime, &event, self.calls)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{key_like, notification};
    use crate::verify::replay::filter::Filter;

    #[test]
    fn keys_are_such_that_the_rule_tells_of_them() {
        for (asked, key) in [
            (json!({"prefix": "raw/"}), "raw/n.jsonl"),
            (json!({"suffix": ".csv"}), "n.csv"),
            (json!({"wildcard": "a\\*b/*.json"}), "a*b/n.json"),
        ] {
            assert_eq!(key_like(Some(&asked), "n"), key);
            let rule = json!({"source": ["aws.s3"], "detail": {"bucket": {"name": ["b"]}, "object": {"key": [asked]}}});
            let rule = Filter::of_rule(rule).unwrap();
            assert!(rule.matches_event(&notification("b", key, 1, None)), "{key}");
            assert!(!rule.matches_event(&notification("b", "elsewhere.txt", 1, None)), "{key}");
            assert!(!rule.matches_event(&notification("c", key, 1, None)), "{key}");
        }
    }
}
