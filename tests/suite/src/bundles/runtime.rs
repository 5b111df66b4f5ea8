//! Lambda's Runtime API on loopback, as far as a function needs it: it takes events one by one and gives
//! each answer back. Runs the real `bootstrap` as a child.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use libtest_mimic::Failed;

pub struct Runtime {
    child: Child,
    events: Sender<String>,
    answers: Receiver<Result<serde_json::Value, String>>,
}

impl Drop for Runtime {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Runtime {
    /// Starts `folder/bootstrap` as Lambda would, with these variables.
    pub fn start(folder: &Path, environment: &[(&str, &str)], log: &Path) -> Result<Runtime, Failed> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?.to_string();
        let (events, queue) = channel::<String>();
        let (answered, answers) = channel();
        std::thread::spawn(move || serve(&listener, &queue, &answered));
        let child = Command::new(folder.join("bootstrap"))
            .env_clear()
            .envs([
                ("AWS_LAMBDA_RUNTIME_API", address.as_str()),
                ("AWS_LAMBDA_FUNCTION_NAME", "replay"),
                ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
                ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
                ("AWS_LAMBDA_LOG_GROUP_NAME", "replay"),
                ("AWS_LAMBDA_LOG_STREAM_NAME", "replay"),
                ("AWS_ACCESS_KEY_ID", "replay"),
                ("AWS_SECRET_ACCESS_KEY", "replay"),
                ("AWS_REGION", "us-east-1"),
            ])
            .envs(environment.iter().copied())
            .env("LAMBDA_TASK_ROOT", folder)
            .stdout(std::fs::File::create(log)?)
            .stderr(Stdio::inherit())
            .spawn()?;
        Ok(Runtime { child, events, answers })
    }

    /// The function's answer to an event.
    pub fn invoke(&self, event: &serde_json::Value) -> Result<serde_json::Value, Failed> {
        self.events.send(event.to_string())?;
        match self.answers.recv_timeout(Duration::from_secs(60)) {
            Ok(answer) => answer.map_err(Failed::from),
            Err(_) => Err("the function did not answer within a minute".into()),
        }
    }
}

/// Connections are answered one after the other: a function asks for its next event only when the last
/// one is done.
fn serve(listener: &TcpListener, queue: &Receiver<String>, answered: &Sender<Result<serde_json::Value, String>>) {
    let mut number = 0;
    for stream in listener.incoming().flatten() {
        let Ok((path, body)) = request(&stream) else { continue };
        if path.ends_with("/invocation/next") {
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
        reader.read_line(&mut line)?;
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
