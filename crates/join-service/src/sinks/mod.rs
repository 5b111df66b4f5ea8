//! Where records go beside the service's own files, from which each sink reads at its own pace, so that a slow one holds
//! nobody up and a dead one loses nothing. A sink that can tell which record it has last gets each once.

mod files;
mod http;
#[cfg(feature = "kafka")]
mod kafka;
#[cfg(feature = "kinesis")]
mod kinesis;
mod state;
mod stdout;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

pub use state::SinkState;

use crate::error::ServiceError;
use crate::options::Options;
use crate::outlet::{SinkKind, SinkOptions};
use crate::tail::{self, Tail};

const LOOK_AGAIN: Duration = Duration::from_millis(20);
const SLOWEST_RETRY: Duration = Duration::from_secs(5);
const MEASURE: Duration = Duration::from_millis(500);
/// How long a remote sink may take for one answer.
const ANSWER: Duration = Duration::from_secs(30);

/// Takes records. It is spoken to by one thread.
trait Sink: Send {
    /// Connects, and finds out what it has already. Called before the first `take`, and again after each error.
    fn open(&mut self) -> io::Result<()>;
    /// Whole lines in order, of which it leaves out what it has. An error says that any part of them may have arrived.
    fn take(&mut self, lines: &[u8]) -> io::Result<()>;
}

/// What this folder's service is called by those who must tell it from others; made once.
fn identity(data: &Path) -> Result<String, ServiceError> {
    let path = data.join("identity");
    if let Ok(text) = fs::read_to_string(&path) {
        return Ok(text.trim().to_owned());
    }
    let mut hasher = std::hash::BuildHasher::build_hasher(&std::hash::RandomState::new());
    std::hash::Hasher::write_u32(&mut hasher, std::process::id());
    let text = format!("{:016x}", std::hash::Hasher::finish(&hasher));
    tail::write_whole(&path, &text).map_err(|cause| ServiceError::disk(&path, "written", cause))?;
    Ok(text)
}

/// Starts a thread a sink. They end with the process.
pub fn start(options: &Options) -> Result<Vec<Arc<SinkState>>, ServiceError> {
    if options.sinks.is_empty() {
        return Ok(Vec::new());
    }
    let records = options.data.join("records");
    let cursors = options.data.join("sinks");
    for folder in [&records, &cursors] {
        fs::create_dir_all(folder).map_err(|cause| ServiceError::disk(folder, "made", cause))?;
    }
    for sink in &options.sinks {
        if let SinkKind::Files { folder, .. } = &sink.kind
            && fs::canonicalize(folder).is_ok_and(|own| fs::canonicalize(&records).is_ok_and(|ours| own == ours))
        {
            return Err(ServiceError::OwnFolder(folder.clone()));
        }
    }
    let identity = identity(&options.data)?;
    let mut states = Vec::new();
    for sink in &options.sinks {
        let made = make(sink, &identity)?;
        let path = cursors.join(&sink.name);
        let cursor = tail::of_text(&fs::read_to_string(&path).unwrap_or_default());
        let state = Arc::new(SinkState::new(sink, &cursor));
        states.push(state.clone());
        let tail = Tail::at(&records, cursor);
        let delivery = Delivery { sink: made, tail, path, state, is_open: false };
        let started = thread::Builder::new().name(format!("sink {}", sink.name)).spawn(move || delivery.run());
        started.map_err(|cause| ServiceError::Stopped(format!("no thread could be started: {cause}")))?;
    }
    Ok(states)
}

fn make(sink: &SinkOptions, identity: &str) -> Result<Box<dyn Sink>, ServiceError> {
    Ok(match &sink.kind {
        SinkKind::Stdout => Box::new(stdout::Stdout),
        SinkKind::Files { folder, most } => Box::new(files::Files::new(folder, *most)),
        SinkKind::Http { url, token } => Box::new(http::Http::of(url, token.as_deref(), identity)?),
        #[cfg(feature = "kafka")]
        SinkKind::Kafka(topic) => Box::new(kafka::Kafka::new(topic, identity, &sink.name)),
        #[cfg(feature = "kinesis")]
        SinkKind::Kinesis(stream) => Box::new(kinesis::Kinesis::new(stream)?),
        #[cfg(not(all(feature = "kafka", feature = "kinesis")))]
        other => return Err(ServiceError::NotBuilt(other.name())),
    })
}

/// One sink's thread.
struct Delivery {
    sink: Box<dyn Sink>,
    tail: Tail,
    path: PathBuf,
    state: Arc<SinkState>,
    is_open: bool,
}

impl Delivery {
    fn run(mut self) {
        let (mut wait, mut measured) = (LOOK_AGAIN, Instant::now());
        loop {
            match self.step() {
                Ok(true) => wait = LOOK_AGAIN,
                Ok(false) => thread::sleep(LOOK_AGAIN),
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe && self.state.kind == "stdout" => {
                    // Nobody reads any more, and nobody will.
                    self.state.ended(&error.to_string());
                    return;
                }
                Err(error) => {
                    self.is_open = false;
                    self.state.failed(&error.to_string());
                    self.state.measured(self.tail.behind());
                    thread::sleep(wait);
                    wait = (wait * 2).min(SLOWEST_RETRY);
                }
            }
            if measured.elapsed() > MEASURE {
                measured = Instant::now();
                self.state.measured(self.tail.behind());
            }
        }
    }

    /// Hands on what there is; whether there was something.
    fn step(&mut self) -> io::Result<bool> {
        let lines = self.tail.next()?;
        if lines.is_empty() {
            return Ok(false);
        }
        if !self.is_open {
            self.sink.open()?;
            self.is_open = true;
        }
        let started = Instant::now();
        self.sink.take(&lines)?;
        self.tail.advance(lines.len());
        let records = lines.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.state.delivered(records, started.elapsed());
        tail::write_whole(&self.path, &tail::to_text(self.tail.cursor()))?;
        // Only what is on disk lets files be given up.
        self.state.reached(&self.tail.cursor().name);
        Ok(true)
    }
}
