//! A load generator: seeded decisions, rewards and overrides played against a running service.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use crate::random::Random;

/// What to play.
#[derive(Debug, Clone)]
pub struct Play {
    /// E.g. `127.0.0.1:8080`.
    pub address: String,
    /// Decisions a second over all connections; 0: as fast as they are answered.
    pub rate: f64,
    pub seconds: f64,
    pub connections: usize,
    pub seed: u64,
    /// Milliseconds within which most rewards come.
    pub window_ms: u64,
}

/// What came of it.
#[derive(Debug, Clone, Default)]
pub struct Played {
    pub decisions: u64,
    pub rewards: u64,
    pub overrides: u64,
    /// Raw events.
    pub events: u64,
    /// Requests that were not answered with 200.
    pub refused: u64,
    /// What the first of them was told.
    pub first_refusal: Option<String>,
    /// Microseconds of each answer, sorted.
    pub answers: Vec<u64>,
    pub seconds: f64,
}

impl Played {
    /// Microseconds that this share of the answers took at most.
    pub fn percentile(&self, share: f64) -> u64 {
        let place = (share * self.answers.len().saturating_sub(1) as f64).round() as usize;
        self.answers.get(place).copied().unwrap_or(0)
    }
}

/// Plays, one thread a connection.
pub fn play(play: &Play) -> io::Result<Played> {
    let started = Instant::now();
    let mut threads = Vec::new();
    for connection in 0..play.connections.max(1) {
        let play = play.clone();
        threads.push(thread::Builder::new().spawn(move || one_connection(&play, connection))?);
    }
    let mut whole = Played::default();
    for thread in threads {
        let part = thread.join().map_err(|_| io::Error::other("a connection's thread panicked"))??;
        whole.decisions += part.decisions;
        whole.rewards += part.rewards;
        whole.overrides += part.overrides;
        whole.refused += part.refused;
        whole.first_refusal = whole.first_refusal.or(part.first_refusal);
        whole.answers.extend(part.answers);
    }
    whole.answers.sort_unstable();
    whole.seconds = started.elapsed().as_secs_f64();
    Ok(whole)
}

/// Sends raw events, a line each, in order over one connection, so many a second (0: as fast as they are answered).
pub fn send(address: &str, lines: &mut dyn BufRead, rate: f64) -> io::Result<Played> {
    let mut client = Client::connect(address)?;
    let (mut played, started) = (Played::default(), Instant::now());
    for line in lines.lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        if rate > 0.0 {
            pause(played.answers.len() as f64 / rate - started.elapsed().as_secs_f64());
        }
        played.events += 1;
        client.say("/log_event", &line, &mut played)?;
    }
    played.answers.sort_unstable();
    played.seconds = started.elapsed().as_secs_f64();
    Ok(played)
}

/// Waits so many seconds, if there are some.
fn pause(seconds: f64) {
    thread::sleep(Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX));
}

/// What is still to be said of a decision.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Later {
    Reward(u32),
    Override,
}

fn one_connection(play: &Play, connection: usize) -> io::Result<Played> {
    let mut client = Client::connect(&play.address)?;
    let mut random = Random::of_seed(play.seed.wrapping_add(connection as u64));
    let (mut played, mut later) = (Played::default(), BinaryHeap::new());
    let started = Instant::now();
    let every = play.connections.max(1) as f64 / play.rate;
    while started.elapsed().as_secs_f64() < play.seconds {
        if play.rate > 0.0 {
            let due = (played.decisions as f64 * every).min(play.seconds);
            pause(due - started.elapsed().as_secs_f64());
            if due >= play.seconds {
                break;
            }
        }
        let number = played.decisions;
        played.decisions += 1;
        let key = format!("{:x}-{connection}-{number}", play.seed);
        let (action, context) = (random.below(5), random.below(3));
        let probability = [0.4, 0.3, 0.15, 0.1, 0.05][action as usize];
        let body = format!(
            r#"{{"key":"{key}","action":"a{action}","probability":{probability},"context":{{"group":{context}}}}}"#
        );
        client.say("/log_decision", &body, &mut played)?;
        let now_ms = started.elapsed().as_millis() as u64;
        // Four in ten are rewarded, one in ten of those too late; one in fifty is overridden.
        if random.below(10) < 4 {
            let window = play.window_ms.max(1);
            let delay = if random.below(10) == 0 { window + random.below(window) } else { random.below(window) };
            later.push(Reverse((now_ms + delay, key.clone(), Later::Reward(random.below(100) as u32))));
        }
        if random.below(50) == 0 {
            later.push(Reverse((now_ms + random.below(play.window_ms.max(1)), key, Later::Override)));
        }
        while later.peek().is_some_and(|Reverse((due, _, _))| *due <= now_ms) {
            let Some(Reverse((_, key, what))) = later.pop() else { break };
            match what {
                Later::Reward(cents) => {
                    played.rewards += 1;
                    let reward = f64::from(cents) / 100.0;
                    client.say("/log_reward", &format!(r#"{{"key":"{key}","reward":{reward}}}"#), &mut played)?;
                }
                Later::Override => {
                    played.overrides += 1;
                    client.say("/override_decision", &format!(r#"{{"key":"{key}"}}"#), &mut played)?;
                }
            }
        }
    }
    Ok(played)
}

struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    fn connect(address: &str) -> io::Result<Client> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Client { stream: BufReader::new(stream) })
    }

    fn say(&mut self, path: &str, body: &str, played: &mut Played) -> io::Result<()> {
        let started = Instant::now();
        let head = format!("POST {path} HTTP/1.1\r\nHost: join\r\nContent-Length: {}\r\n\r\n", body.len());
        self.stream.get_mut().write_all([head.as_bytes(), body.as_bytes()].concat().as_slice())?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split_whitespace().nth(1).unwrap_or("nothing").to_owned();
        let mut length = 0;
        while line.trim_end() != "" {
            line.clear();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the service closed the connection"));
            }
            let (name, value) = line.split_once(':').unwrap_or_default();
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
        }
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer)?;
        if status != "200" {
            played.refused += 1;
            let told = || format!("{status}: {}", String::from_utf8_lossy(&answer));
            played.first_refusal.get_or_insert_with(told);
        }
        played.answers.push(started.elapsed().as_micros() as u64);
        Ok(())
    }
}
