//! Lambda's Runtime API on loopback, as far as a function needs it: it takes events one by one and gives each answer back.
//! Runs the real `bootstrap` as a child.

pub mod dynamodb;

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

pub struct Runtime {
    child: Child,
    started: Instant,
    asked: Receiver<Instant>,
    events: Sender<String>,
    answers: Receiver<Result<Value, String>>,
}

/// What the function gets beside what the template says.
pub struct Surroundings<'a> {
    pub name: &'a str,
    pub environment: &'a [(String, String)],
    /// Where every service answers.
    pub endpoint: &'a str,
}

impl Drop for Runtime {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const PATIENCE: Duration = Duration::from_secs(120);

impl Runtime {
    /// Starts `folder/bootstrap` as Lambda would.
    pub fn start(folder: &Path, around: &Surroundings<'_>, log: &Path) -> Result<Runtime> {
        Runtime::run(Command::new(folder.join("bootstrap")), folder, around, log)
    }

    /// Starts any program that speaks with the Runtime API, with its files in `folder`.
    pub fn run(mut program: Command, folder: &Path, around: &Surroundings<'_>, log: &Path) -> Result<Runtime> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?.to_string();
        let (events, queue) = channel::<String>();
        let (answered, answers) = channel();
        let (first, asked) = channel();
        std::thread::spawn(move || serve(&listener, &queue, &answered, &first));
        let started = Instant::now();
        let child = program
            .env_clear()
            .envs([
                ("AWS_LAMBDA_RUNTIME_API", address.as_str()),
                ("AWS_LAMBDA_FUNCTION_NAME", around.name),
                ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
                ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
                ("AWS_LAMBDA_LOG_GROUP_NAME", "replay"),
                ("AWS_LAMBDA_LOG_STREAM_NAME", "replay"),
                ("AWS_ACCESS_KEY_ID", "replay"),
                ("AWS_SECRET_ACCESS_KEY", "replay"),
                ("AWS_REGION", "us-east-1"),
                ("AWS_DEFAULT_REGION", "us-east-1"),
                ("AWS_ENDPOINT_URL", around.endpoint),
            ])
            .envs(around.environment.iter().map(|(name, value)| (name, value)))
            .env("LAMBDA_TASK_ROOT", folder)
            .stdout(File::create(log)?)
            .stderr(Stdio::inherit())
            .spawn()
            .with_context(|| format!("cannot start the function in {}", folder.display()))?;
        Ok(Runtime { child, started, asked, events, answers })
    }

    /// The process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// How long it took until it asked for its first event.
    pub fn ready(&self) -> Result<Duration> {
        while self.started.elapsed() < PATIENCE {
            if let Ok(asked) = self.asked.recv_timeout(Duration::from_millis(100)) {
                return Ok(asked.duration_since(self.started));
            }
            if let Ok(Err(refused)) = self.answers.try_recv() {
                bail!("the function cannot start: {refused}");
            }
        }
        bail!("the function never asked for an event")
    }

    /// The function's answer to an event, or its error.
    pub fn invoke(&mut self, event: &Value) -> Result<Result<Value, String>> {
        self.events.send(event.to_string()).context("the function is gone")?;
        let until = Instant::now() + PATIENCE;
        loop {
            match self.answers.recv_timeout(Duration::from_millis(200)) {
                Ok(answer) => return Ok(answer),
                Err(RecvTimeoutError::Disconnected) => bail!("the function is gone"),
                Err(RecvTimeoutError::Timeout) => {
                    if let Some(status) = self.child.try_wait()? {
                        bail!("the function ended ({status})");
                    }
                    if Instant::now() > until {
                        bail!("the function gave no answer within {} s", PATIENCE.as_secs());
                    }
                }
            }
        }
    }
}

/// Connections are answered one after the other: a function asks for its next event only when the last one is done.
fn serve(
    listener: &TcpListener,
    queue: &Receiver<String>,
    answered: &Sender<Result<Value, String>>,
    first: &Sender<Instant>,
) {
    let mut number = 0;
    for stream in listener.incoming().flatten() {
        let Ok((path, body)) = request(&stream) else { continue };
        if path.ends_with("/invocation/next") {
            if number == 0 {
                // Whoever started it need not want to know.
                let _ = first.send(Instant::now());
            }
            let Ok(event) = queue.recv() else { return };
            number += 1;
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\
                 Lambda-Runtime-Aws-Request-Id: {number}\r\nLambda-Runtime-Deadline-Ms: 4102444800000\r\n\
                 Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:123456789012:function:replay\r\n\r\n",
                event.len()
            );
            let _ = (&stream).write_all(format!("{head}{event}").as_bytes());
        } else {
            let _ = (&stream).write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            let answer = match path.ends_with("/response") {
                true => serde_json::from_str(&body).map_err(|error| error.to_string()),
                false => Err(format!("{path}: {body}")),
            };
            if answered.send(answer).is_err() {
                return;
            }
        }
    }
}

/// Path and body of a request.
fn request(stream: &TcpStream) -> std::io::Result<(String, String)> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let (mut length, mut chunked) = (0, false);
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let header = line.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        chunked |= header.starts_with("transfer-encoding:") && header.contains("chunked");
    }
    let mut body = Vec::new();
    if chunked {
        loop {
            line.clear();
            reader.read_line(&mut line)?;
            let size = usize::from_str_radix(line.trim(), 16).unwrap_or(0);
            let mut chunk = vec![0; size + 2];
            reader.read_exact(&mut chunk)?;
            body.extend_from_slice(&chunk[..size]);
            if size == 0 {
                break;
            }
        }
    } else {
        body.resize(length, 0);
        reader.read_exact(&mut body)?;
    }
    Ok((path, String::from_utf8_lossy(&body).into_owned()))
}
