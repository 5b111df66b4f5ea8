//! The one thread that owns the machine, the log and the outbox: events become durable, then count, then are answered.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use bandit::{Emitted, EventKind, Machine, Sample};
use tokio::sync::{broadcast, oneshot};

use crate::answers::{Answer, Answers};
use crate::clock::Clock;
use crate::error::ServiceError;
use crate::event::{Event, Payload};
use crate::log::{Entry, Log, Position, encode, encode_position};
use crate::metrics::Metrics;
use crate::options::Options;
use crate::outbox::Outbox;
use crate::record::{self, Place};
use crate::replay;
use crate::sinks::{self, SinkState};
use crate::sources::{self, SourceState};
use crate::worth::{self, Worth};

/// Events that are made durable together at most; more wait for the next turn.
const MOST_TOGETHER: usize = 8_192;
/// The thread looks up at least so often.
const PATIENCE: Duration = Duration::from_millis(50);
/// Between looks at what can be given up, and at how much of the disk is taken.
const HOUSEKEEPING: Duration = Duration::from_secs(1);
/// Bytes of lines that recovery holds.
const LINES_AT_ONCE: usize = 4 << 20;

/// What the thread is asked.
pub enum Message {
    Take {
        events: Vec<Event>,
        /// Name and place of the source that they came from, if they did not come over HTTP.
        position: Option<(String, String)>,
        answer: oneshot::Sender<Answer>,
    },
    Samples(oneshot::Sender<Vec<Sample>>),
    Stop,
}

/// The way to the thread, and what it shows.
#[derive(Clone)]
pub struct Handle {
    pub requests: SyncSender<Message>,
    pub metrics: Arc<Metrics>,
    /// Lines of records as they leave.
    pub records: broadcast::Sender<Arc<str>>,
    pub sinks: Arc<[Arc<SinkState>]>,
    pub worth: Option<Arc<Worth>>,
}

/// A request that waits: its events, where they came from, and who asked.
type Waiting = (Vec<Event>, Option<(String, String)>, oneshot::Sender<Answer>);

/// What runs once the service has started.
pub struct Started {
    pub handle: Handle,
    pub sources: Vec<Arc<SourceState>>,
    pub thread: JoinHandle<()>,
}

struct Core {
    joining: Joining,
    log: Log,
    clock: Clock,
    options: Options,
    metrics: Arc<Metrics>,
    records: broadcast::Sender<Arc<str>>,
    frames: Vec<u8>,
    tidied: Instant,
    taken_bytes: u64,
    sinks: Arc<[Arc<SinkState>]>,
    worth: Option<Arc<Worth>>,
    answers: Answers,
}

/// The machine and where its records go, each once.
struct Joining {
    machine: Machine<Payload>,
    outbox: Outbox,
    /// Lines that left and are not in the outbox yet, and the place of the last.
    lines: Vec<u8>,
    last: Option<Place>,
}

impl Joining {
    /// Lets leave what is due before this moment. What left before a crash is not said again.
    fn advance(&mut self, now_ms: i64) {
        let (lines, last, left) = (&mut self.lines, &mut self.last, self.outbox.last());
        self.machine.advance(now_ms, &mut |emitted: Emitted<'_, Payload>| {
            let place = Place::of(&emitted);
            if left.is_none_or(|left| place > left) {
                record::write(&emitted, lines);
                *last = Some(place);
            }
        });
    }

    /// Writes the lines that left, and gives them. Where the disk is full they stay for the next time.
    fn flush(&mut self) -> Result<Vec<u8>, ServiceError> {
        let Some(last) = self.last else { return Ok(Vec::new()) };
        self.outbox.append(&self.lines, last)?;
        self.last = None;
        Ok(std::mem::take(&mut self.lines))
    }
}

/// Recovers what is on disk and starts the threads; within a runtime.
pub fn start(options: &Options) -> Result<Started, ServiceError> {
    let (joining, log, last_ms) = recover(options)?;
    // After the recovery, which cuts off what a crash left of a record.
    let sinks: Arc<[Arc<SinkState>]> = sinks::start(options)?.into();
    let worth = worth::start(options)?;
    let positions: BTreeMap<String, Option<String>> =
        options.sources.iter().map(|one| (one.name.clone(), log.position(&one.name).map(str::to_owned))).collect();
    let least = last_ms.max(joining.outbox.last().map_or(i64::MIN, |last| last.emitted_ms.saturating_add(1)));
    let (requests, inbox) = sync_channel(options.limits.waiting);
    let (records, _) = broadcast::channel(4_096);
    let metrics = Arc::new(Metrics::default());
    let handle = Handle {
        requests,
        metrics: metrics.clone(),
        records: records.clone(),
        sinks: sinks.clone(),
        worth: worth.clone(),
    };
    let mut core = Core {
        joining,
        log,
        clock: Clock::starting(least),
        options: options.clone(),
        metrics,
        records,
        frames: Vec::new(),
        tidied: Instant::now(),
        taken_bytes: 0,
        sinks,
        worth,
        answers: Answers::start(),
    };
    core.tidy();
    core.show();
    let thread = std::thread::Builder::new().name("join".to_owned()).spawn(move || core.run(&inbox));
    let thread = thread.map_err(|cause| ServiceError::Stopped(format!("no thread could be started: {cause}")))?;
    let sources = sources::start(options, &handle, &|name| positions.get(name).cloned().flatten())?;
    Ok(Started { handle, sources, thread })
}

/// Replays the log as it was lived: the same records leave in the same order, and the outbox knows which have.
fn recover(options: &Options) -> Result<(Joining, Log, i64), ServiceError> {
    let outbox = Outbox::open(&options.data.join("records"), options.limits.file)?;
    let machine = Machine::new(options.rule);
    let mut joining = Joining { machine, outbox, lines: Vec::new(), last: None };
    let (mut last_ms, mut begun, mut failed) = (i64::MIN, false, None);
    let folder = options.data.join("log");
    let (log, recovered) = Log::open(&folder, options.limits.file, |number, entry: Entry<'_>| {
        if !std::mem::replace(&mut begun, true) {
            joining.machine = Machine::new(options.rule).starting_at(number);
        }
        last_ms = last_ms.max(entry.time_ms);
        joining.advance(entry.time_ms);
        if joining.lines.len() > LINES_AT_ONCE {
            failed = failed.take().or(joining.flush().err());
        }
        replay::again(&mut joining.machine, entry);
    })?;
    if let Some(failed) = failed {
        return Err(failed);
    }
    if !begun {
        // All events are forgotten; their numbers are not given again.
        joining.machine = Machine::new(options.rule).starting_at(recovered.first);
    }
    if recovered.torn > 0 {
        eprintln!(
            "note: {} bytes at the end of the log do not read as events: a crash cut them off before anybody was \
             answered. They were moved beside it.",
            recovered.torn
        );
    }
    Ok((joining, log, last_ms))
}

impl Core {
    fn run(mut self, inbox: &Receiver<Message>) {
        self.work(inbox);
        if let Some(worth) = &self.worth {
            worth.end();
        }
    }

    fn work(&mut self, inbox: &Receiver<Message>) {
        loop {
            let first = match inbox.recv_timeout(self.patience()) {
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Timeout) => None,
            };
            match self.turn(first, inbox) {
                Ok(false) => {}
                Ok(true) => break,
                Err(error) => {
                    // Memory and disk may differ now: whoever starts again reads the disk.
                    eprintln!("error: {error}");
                    self.metrics.stopped(&error.to_string());
                    return;
                }
            }
        }
        self.joining.advance(self.clock.now_ms());
        let ended = self.joining.flush().and_then(|_| self.joining.outbox.sync());
        if let Err(error) = ended {
            eprintln!("error: {error}");
        }
    }

    /// Until something is due, or for a moment.
    fn patience(&self) -> Duration {
        let due = self.joining.machine.next_due_ms().map_or(i64::MAX, |due| due.saturating_add(1));
        let wait = due.saturating_sub(self.clock.now_ms()).max(0);
        // A window that closes is waited for exactly.
        Duration::from_millis(wait as u64).min(PATIENCE)
    }

    /// Takes what waits, together, and lets leave what is due; whether it was asked to stop. An error ends the service.
    fn turn(&mut self, first: Option<Message>, inbox: &Receiver<Message>) -> Result<bool, ServiceError> {
        let mut batch = Vec::new();
        let mut count = 0;
        let mut next = first;
        let mut stop = false;
        while let Some(message) = next {
            match message {
                Message::Take { events, position, answer } => {
                    count += events.len();
                    batch.push((events, position, answer));
                }
                Message::Samples(answer) => {
                    // Whoever asked may have gone.
                    let _ = answer.send(self.joining.machine.samples().cloned().collect());
                }
                Message::Stop => stop = true,
            }
            next = if count < MOST_TOGETHER && !stop { inbox.try_recv().ok() } else { None };
        }
        let now_ms = self.clock.now_ms();
        self.joining.advance(now_ms);
        // Before events are taken: what cannot be written closes the intake.
        match self.joining.flush() {
            Ok(lines) => {
                self.taken_bytes += lines.len() as u64;
                self.told(&lines);
            }
            Err(error) => self.metrics.full(&error.to_string()),
        }
        if !batch.is_empty() {
            self.take(batch, count, now_ms)?;
        }
        if self.tidied.elapsed() >= HOUSEKEEPING {
            self.tidy();
        }
        self.show();
        Ok(stop)
    }

    fn take(&mut self, batch: Vec<Waiting>, count: usize, now_ms: i64) -> Result<(), ServiceError> {
        let started = Instant::now();
        if let Some(reason) = self.no_room() {
            self.refuse(batch, &reason);
            return Ok(());
        }
        self.encode(&batch, now_ms);
        match self.log.append(&self.frames, self.joining.machine.arrivals(), now_ms) {
            Ok(()) => {}
            Err(error @ ServiceError::Stopped(_)) => return Err(error),
            Err(error) => {
                let reason = error.to_string();
                self.metrics.full(&reason);
                self.refuse(batch, &reason);
                return Ok(());
            }
        }
        self.taken_bytes += self.frames.len() as u64;
        self.metrics.committed(started.elapsed(), count);
        let mut answers = Vec::with_capacity(batch.len());
        for (events, position, asked) in batch {
            if let Some((source, place)) = position {
                self.log.read_to(&source, &place);
            }
            let taken = events.into_iter().map(|event| self.joining.machine.take(&event.key, now_ms, event.kind));
            answers.push((asked, Answer::Durable(taken.collect())));
        }
        self.answers.give(answers);
        Ok(())
    }

    fn refuse(&self, batch: Vec<Waiting>, reason: &str) {
        let refused = batch.into_iter().map(|(_, _, asked)| (asked, Answer::Full(reason.to_owned())));
        self.answers.give(refused.collect());
    }

    /// The batch as the log holds it; a source's place stands before what was read up to it.
    fn encode(&mut self, batch: &[Waiting], now_ms: i64) {
        self.frames.clear();
        let mut decided = HashSet::new();
        for (events, position, _) in batch {
            if let Some((source, place)) = position {
                encode_position(Position { source, place, events: events.len() as u64 }, &mut self.frames);
            }
            for event in events {
                let is_decision = matches!(event.kind, EventKind::Decision(_));
                let key = event.key.as_str();
                let again = is_decision && (!decided.insert(key) || self.joining.machine.has_decision(key));
                encode(key, now_ms, again, &event.kind, &mut self.frames);
            }
        }
    }

    /// Why nothing can be taken now.
    fn no_room(&self) -> Option<String> {
        let most = self.options.limits.disk;
        if self.taken_bytes > most {
            let taken = self.taken_bytes;
            let behind: Vec<&str> =
                self.sinks.iter().filter(|sink| !sink.is_well()).map(|sink| sink.name.as_str()).collect();
            let cure = match behind.as_slice() {
                [] => "take away records that were read".to_owned(),
                sinks => format!("records wait for the sinks {}, which do not take them", sinks.join(", ")),
            };
            return Some(format!("{taken} bytes of disk are taken of {most}; {cure}"));
        }
        self.joining.last.map(|_| "records wait for room on the disk".to_owned())
    }

    /// Tells those who listen, and measures how late records left.
    fn told(&self, lines: &[u8]) {
        if lines.is_empty() {
            return;
        }
        let listening = self.records.receiver_count() > 0;
        for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let text = String::from_utf8_lossy(line);
            if let Some(due) =
                text.rsplit_once("\"emitted_ms\":").and_then(|(_, end)| end.trim_end_matches('}').parse::<i64>().ok())
            {
                self.metrics.left(self.clock.since_ms(due));
            }
            if listening {
                // Nobody left to hear it is no failure.
                let _ = self.records.send(text.into());
            }
        }
    }

    /// Gives up log files whose every key is forgotten, once their records are safe.
    fn tidy(&mut self) {
        self.tidied = Instant::now();
        let rule = &self.options.rule;
        let kept = rule.window_ms.max(0).saturating_add(rule.early_ms.max(0)).saturating_add(rule.remember_ms.max(0));
        let before_ms = self.joining.machine.watermark_ms().saturating_sub(kept);
        if self.joining.last.is_none() && self.log.has_forgettable(before_ms) {
            let forgotten = self.joining.outbox.sync().and_then(|()| self.log.forget(before_ms));
            if let Err(error) = forgotten {
                eprintln!("warning: {error}");
            }
        }
        if self.options.trims {
            // A sink that is not begun needs everything.
            let needed = self.sinks.iter().filter_map(|sink| sink.needs()).min();
            let judged = self.worth.as_ref().map(|worth| worth.needs());
            let needed = needed.map(|needed| judged.map_or(needed.clone(), |judged| judged.min(needed)));
            if let Some(Err(error)) = needed.map(|needed| self.joining.outbox.give_up_before(&needed)) {
                eprintln!("warning: {error}");
            }
        }
        self.taken_bytes = self.log.bytes().saturating_add(self.joining.outbox.total_bytes());
    }

    fn show(&self) {
        let machine = &self.joining.machine;
        self.metrics.show(*machine.counters(), machine.keys() as u64, self.log.bytes(), self.taken_bytes);
    }
}
