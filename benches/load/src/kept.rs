//! Kept connections that ask one after the other what each has to ask, many on a thread.

use std::io::{self, ErrorKind, Read, Write};
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use crate::decision;

/// Enough for an answer.
const ANSWER: usize = 4 << 10;

/// What all connections do.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    pub started: Instant,
    pub seconds: f64,
    /// Requests a second of a connection; 0: as fast as they are answered.
    pub rate: f64,
    /// Makes keys differ from those of another load.
    pub salt: u32,
}

struct Connection {
    number: u64,
    stream: TcpStream,
    /// What came of the answer so far.
    answer: Vec<u8>,
    /// When the request at hand was sent.
    asked: Option<Instant>,
    sent: u64,
}

pub fn request(body: &str) -> String {
    format!(
        "POST /log_decision HTTP/1.1\r\nHost: join\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

impl Load {
    /// Microseconds of each answer, and how many were not 200.
    pub fn run(self, address: &str, numbers: impl Iterator<Item = u64>) -> io::Result<(Vec<u32>, u64)> {
        let mut poll = Poll::new()?;
        let mut connections = Vec::new();
        for number in numbers {
            let mut connection = Connection::open(address, number)?;
            poll.registry().register(&mut connection.stream, Token(connections.len()), Interest::READABLE)?;
            connections.push(connection);
        }
        let (mut answers, mut refused) = (Vec::new(), 0);
        let mut events = Events::with_capacity(256);
        loop {
            let wait = self.ask(&mut connections)?;
            if connections.iter().all(|connection| connection.asked.is_none()) && self.is_over() {
                return Ok((answers, refused));
            }
            poll.poll(&mut events, wait)?;
            for event in &events {
                let connection = &mut connections[event.token().0];
                let Some(status) = connection.read()? else { continue };
                refused += u64::from(status != 200);
                answers.extend(connection.asked.take().map(|asked| asked.elapsed().as_micros() as u32));
            }
        }
    }

    fn is_over(&self) -> bool {
        self.started.elapsed().as_secs_f64() >= self.seconds
    }

    /// Lets every connection ask that may; the time until the next one may.
    fn ask(&self, connections: &mut [Connection]) -> io::Result<Option<Duration>> {
        let now = self.started.elapsed().as_secs_f64();
        let mut wait = f64::INFINITY;
        for connection in connections.iter_mut().filter(|connection| connection.asked.is_none()) {
            let ahead = if self.rate > 0.0 { connection.sent as f64 / self.rate - now } else { 0.0 };
            if ahead > 0.0 {
                wait = wait.min(ahead);
            } else if now < self.seconds {
                connection.ask(self.salt)?;
            }
        }
        Ok(wait.is_finite().then(|| Duration::from_secs_f64(wait.min((self.seconds - now).max(0.0)))))
    }
}

impl Connection {
    fn open(address: &str, number: u64) -> io::Result<Connection> {
        let stream = std::net::TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_nonblocking(true)?;
        let stream = TcpStream::from_std(stream);
        Ok(Connection { number, stream, answer: Vec::with_capacity(ANSWER), asked: None, sent: 0 })
    }

    /// A request is small: the socket has room for the whole of it.
    fn ask(&mut self, salt: u32) -> io::Result<()> {
        let body = decision(&format!("{salt}-{}-{}", self.number, self.sent), self.sent);
        self.asked = Some(Instant::now());
        self.sent += 1;
        self.stream.write_all(request(&body).as_bytes())
    }

    /// The answer's status, once all of it is there.
    fn read(&mut self) -> io::Result<Option<u16>> {
        let mut part = [0; ANSWER];
        match self.stream.read(&mut part) {
            Ok(0) => return Err(io::Error::new(ErrorKind::UnexpectedEof, "the service closed the connection")),
            Ok(count) => self.answer.extend_from_slice(&part[..count]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
            Err(error) => return Err(error),
        }
        let status = whole(&self.answer);
        if status.is_some() {
            self.answer.clear();
        }
        Ok(status)
    }
}

/// The status of an answer that is all there.
fn whole(answer: &[u8]) -> Option<u16> {
    let head = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n")?;
    let text = std::str::from_utf8(&answer[..head]).ok()?;
    let status = text.split(' ').nth(1)?.parse().ok()?;
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    (answer.len() >= head + 4 + length.unwrap_or(0)).then_some(status)
}
