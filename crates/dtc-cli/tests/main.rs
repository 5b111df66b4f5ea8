//! The program as people call it: exit codes, what it prints where, and what it says to bad input.

// A test that cannot go on says so by panicking.
#![allow(clippy::unwrap_used)]

mod aside;
mod attribute;
mod bandit;
mod crash;
mod explain;
mod export;
mod format;
mod inputs;
mod joining;
mod lsp;
#[path = "../../../tests/suite/src/moto.rs"]
#[allow(dead_code)]
mod moto;
mod neovim;
mod remote;
mod schema;
mod serve;
mod state;
mod transform;
mod validate;
mod warehouse;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder for one test, and the program run in it.
pub struct Place(tempfile::TempDir);

impl Place {
    pub fn make() -> Place {
        Place(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    pub fn dtc(&self, arguments: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dtc"));
        command.args(arguments).current_dir(self.path()).env("NO_COLOR", "1").env_remove("DTC_LAMBDA_BOOTSTRAP");
        Said::from(command.output().unwrap())
    }

    /// With a file of the folder as standard input.
    pub fn dtc_given(&self, file: &str, arguments: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dtc"));
        command.args(arguments).current_dir(self.path()).env("NO_COLOR", "1");
        command.stdin(fs::File::open(self.path().join(file)).unwrap());
        Said::from(command.output().unwrap())
    }

    pub fn dtc_with(&self, variable: &str, value: &Path, arguments: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dtc"));
        command.args(arguments).current_dir(self.path()).env("NO_COLOR", "1").env(variable, value);
        Said::from(command.output().unwrap())
    }
}

/// What a run gave.
#[derive(Debug)]
pub struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl From<Output> for Said {
    fn from(output: Output) -> Said {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Said { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Said {
    #[track_caller]
    pub fn fails(&self, code: i32, message: &str) {
        assert_eq!(self.code, code, "{self:#?}");
        assert!(self.out.contains(message) || self.err.contains(message), "no {message:?} in {self:#?}");
        assert!(!self.err.contains("panicked"), "{self:#?}");
    }

    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{self:#?}"))
    }

    #[track_caller]
    pub fn succeeds(&self) -> &Said {
        assert_eq!(self.code, 0, "{self:#?}");
        self
    }
}

pub const STREAMING: &str = "Type: ProductML:DTC:Streaming
Version: '2018-03-01'
Name: plays
Identity: source.user
Time: parse_time(source.at)
Stores:
  - Type: ProductML:DTC:Store:Memory
    Name: memory
Aggregates:
  - Type: ProductML:DTC:Aggregate:Identity
    Name: user
    Store: memory
    Fields:
      - Name: games
        Type: integer
        Value: user.games + 1
        When: source.event == 'start'
      - Name: share
        Type: float
        Value: 1 / int(source.n)
  - Type: ProductML:DTC:Aggregate:Block
    Name: session
    Store: memory
    Dimensions:
      - Name: id
        Type: string
        Value: source.session
    Fields:
      - Name: events
        Type: integer
        Value: session.events + 1
";

pub const WINDOW: &str = "Type: ProductML:DTC:Window
Version: '2018-03-01'
Name: features
SourceDTC: plays
Anchor:
  Condition: plays.session.events > 0
Aggregates:
  - Type: ProductML:DTC:Aggregate:Window
    Name: last
    WindowType: count
    WindowValue: -1
    Source: plays.session
    Fields:
      - Name: events
        Type: integer
        Value: source.events[0]
";

pub const EVENTS: &str = r#"{"user":"a","at":"2020-01-01T10:00:00+00:00","event":"start","n":"2","session":"s1"}
{"user":"a","at":"2020-01-01T11:00:00+00:00","event":"end","n":"0","session":"s2"}
not json
{"user":"b","at":"2020-01-01T10:00:00+00:00","event":"start","n":"4","session":"s3"}
{"user":"","at":"2020-01-01T10:00:00+00:00"}
"#;
