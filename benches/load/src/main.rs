//! The load of `cargo xtask bench join`: the same decisions over kept connections to whoever takes `/log_decision`, or so
//! many open decisions at once. Tells `NAME VALUE` lines.

mod kept;

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Instant;

use kept::{Load, request};

/// Threads that ask.
const THREADS: u64 = 2;
/// Decisions of a request that fills.
const TOGETHER: u64 = 2_000;

fn main() -> io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [address, rest @ ..] = words.as_slice() else {
        return Err(io::Error::other("ADDRESS CONNECTIONS SECONDS RATE"));
    };
    let number = |place: usize| rest.get(place).and_then(|word| word.parse::<f64>().ok()).unwrap_or(0.0);
    match rest.first().map(String::as_str) {
        Some("fill") => fill(address, number(1) as u64),
        _ => measure(address, number(0).max(1.0) as u64, number(1), number(2)),
    }
}

fn decision(key: &str, number: u64) -> String {
    format!(
        r#"{{"key":"{key}","action":"offer_{}","probability":0.2,"context":{{"plan":"free","visits":{},"country":"de"}}}}"#,
        number % 5,
        number % 97
    )
}

/// Puts down so many decisions in few requests, and tells the bytes of what they hold.
fn fill(address: &str, decisions: u64) -> io::Result<()> {
    let mut client = Client::connect(address)?;
    let (mut bytes, mut number) = (0, 0);
    while number < decisions {
        let mut body = String::new();
        for _ in 0..TOGETHER.min(decisions - number) {
            let key = format!("key-{number:012}");
            let text = decision(&key, number);
            // The key, and what is kept of the rest: members without the braces and the key's own.
            bytes += key.len() + text.len() - key.len() - r#"{"key":"",}"#.len();
            body += &text;
            body.push('\n');
            number += 1;
        }
        if client.say(&body)? != 200 {
            return Err(io::Error::other("the service did not take them"));
        }
    }
    println!("payload {}", bytes as f64 / decisions as f64);
    Ok(())
}

/// One decision a request, as fast as they are answered or at a rate; few threads, so that the load leaves the machine to
/// whoever is measured.
fn measure(address: &str, connections: u64, seconds: f64, rate: f64) -> io::Result<()> {
    let load = Load { started: Instant::now(), seconds, rate: rate / connections as f64, salt: std::process::id() };
    let threads: Vec<_> = (0..THREADS)
        .map(|thread| {
            let (address, own) = (address.to_owned(), (thread..connections).step_by(THREADS as usize));
            thread::spawn(move || load.run(&address, own))
        })
        .collect();
    let (mut answers, mut refused) = (Vec::new(), 0);
    for thread in threads {
        let (micros, bad) = thread.join().map_err(|_| io::Error::other("a thread of connections panicked"))??;
        answers.extend(micros);
        refused += bad;
    }
    let took = load.started.elapsed().as_secs_f64();
    answers.sort_unstable();
    let at = |share: f64| answers.get(((answers.len().max(1) - 1) as f64 * share) as usize).copied().unwrap_or(0);
    println!("requests {}\nrefused {refused}\nrate {}", answers.len(), answers.len() as f64 / took);
    println!("p50 {}\np90 {}\np99 {}\np999 {}", at(0.5), at(0.9), at(0.99), at(0.999));
    Ok(())
}

struct Client {
    stream: BufReader<TcpStream>,
    line: String,
}

impl Client {
    fn connect(address: &str) -> io::Result<Client> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Client { stream: BufReader::new(stream), line: String::new() })
    }

    /// The answer's status.
    fn say(&mut self, body: &str) -> io::Result<u16> {
        self.stream.get_mut().write_all(request(body).as_bytes())?;
        let (mut status, mut length) = (0, 0);
        loop {
            self.line.clear();
            if self.stream.read_line(&mut self.line)? == 0 {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the service closed the connection"));
            }
            let line = self.line.trim_end();
            if line.is_empty() {
                break;
            }
            if status == 0 {
                status = line.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0);
            } else if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().map_err(io::Error::other)?;
            }
        }
        io::copy(&mut self.stream.by_ref().take(length), &mut io::sink())?;
        Ok(status)
    }
}
