//! Where records go beside their files: standard output and another service. Each reads the files at its own pace, so
//! that a slow one holds nobody up and a dead one loses nothing.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::error::ServiceError;
use crate::options::Options;
use crate::outbox::{numbers, path_of};

/// Bytes that are handed on together at most, but for one line that is longer.
const MOST_TOGETHER: usize = 256 << 10;
const LOOK_AGAIN: Duration = Duration::from_millis(20);
const SLOWEST_RETRY: Duration = Duration::from_secs(30);
const ANSWER: Duration = Duration::from_secs(30);

/// Keeps another service out of the folder for as long as it lives.
pub fn lock(data: &Path) -> Result<File, ServiceError> {
    fs::create_dir_all(data).map_err(|cause| ServiceError::disk(data, "made", cause))?;
    let path = data.join("lock");
    let file = File::create(&path).map_err(|cause| ServiceError::disk(&path, "made", cause))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(ServiceError::InUse(data.to_path_buf())),
        Err(fs::TryLockError::Error(cause)) => Err(ServiceError::disk(&path, "locked", cause)),
    }
}

/// Starts the threads of the sinks that are asked for. They end with the process.
pub fn start(options: &Options) -> Result<(), ServiceError> {
    let records = options.data.join("records");
    fs::create_dir_all(&records).map_err(|cause| ServiceError::disk(&records, "made", cause))?;
    if options.stdout {
        let tail = Tail::at_end(&records)?;
        spawn("stdout", move || print(tail))?;
    }
    if let Some(address) = &options.post_to {
        let target = Target::of(address)?;
        let cursor = options.data.join("posted");
        let tail = Tail::at(&records, read_cursor(&cursor));
        spawn("post", move || post(tail, &target, &cursor))?;
    }
    Ok(())
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<(), ServiceError> {
    let started = thread::Builder::new().name(name.to_owned()).spawn(run);
    started.map(drop).map_err(|cause| ServiceError::Stopped(format!("no thread could be started: {cause}")))
}

/// Follows the files of records line by line.
struct Tail {
    folder: PathBuf,
    number: u64,
    at: u64,
}

impl Tail {
    fn at(folder: &Path, (number, at): (u64, u64)) -> Tail {
        Tail { folder: folder.to_path_buf(), number, at }
    }

    fn at_end(folder: &Path) -> Result<Tail, ServiceError> {
        let number = numbers(folder)?.last().copied().unwrap_or(0);
        let at = fs::metadata(path_of(folder, number)).map_or(0, |about| about.len());
        Ok(Tail::at(folder, (number, at)))
    }

    /// Whole lines after the place; empty while there are none. Does not move on by itself.
    fn next(&mut self) -> io::Result<Vec<u8>> {
        // Looked for before reading: once there is a later file, this one does not grow any more.
        let later = numbers(&self.folder).map_err(io::Error::other)?.into_iter().find(|number| *number > self.number);
        let path = path_of(&self.folder, self.number);
        let mut lines = Vec::new();
        match File::open(&path) {
            Ok(mut file) => {
                file.seek(SeekFrom::Start(self.at))?;
                file.take(MOST_TOGETHER as u64).read_to_end(&mut lines)?;
                if !lines.is_empty() && !lines.contains(&b'\n') {
                    let mut rest = BufReader::new(File::open(&path)?);
                    rest.seek(SeekFrom::Start(self.at + lines.len() as u64))?;
                    rest.read_until(b'\n', &mut lines)?;
                }
            }
            // It was taken away after it was read, or is not begun yet.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let whole = lines.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        lines.truncate(whole);
        if lines.is_empty()
            && let Some(later) = later
        {
            (self.number, self.at) = (later, 0);
        }
        Ok(lines)
    }

    fn advance(&mut self, by: usize) {
        self.at += by as u64;
    }
}

fn print(mut tail: Tail) {
    loop {
        match tail.next() {
            Ok(lines) if lines.is_empty() => thread::sleep(LOOK_AGAIN),
            Ok(lines) => {
                let mut out = io::stdout().lock();
                if out.write_all(&lines).and_then(|()| out.flush()).is_err() {
                    // Nobody reads any more; the files have everything.
                    return;
                }
                tail.advance(lines.len());
            }
            Err(error) => {
                eprintln!("warning: records could not be read: {error}");
                thread::sleep(SLOWEST_RETRY);
            }
        }
    }
}

/// Posts lines until they are taken; what is taken is remembered on disk, so that after a crash at most the last post
/// comes again, with the same ids.
fn post(mut tail: Tail, target: &Target, cursor: &Path) {
    let mut wait = LOOK_AGAIN;
    loop {
        let lines = tail.next().unwrap_or_default();
        if lines.is_empty() {
            thread::sleep(LOOK_AGAIN);
            continue;
        }
        match target.post(&lines) {
            Ok(()) => {
                wait = LOOK_AGAIN;
                tail.advance(lines.len());
                if let Err(error) = write_cursor(cursor, &tail) {
                    eprintln!("warning: {} could not be written: {error}", cursor.display());
                }
            }
            Err(error) => {
                if wait >= SLOWEST_RETRY {
                    eprintln!("warning: {} does not take records: {error}", target.shown);
                }
                thread::sleep(wait);
                wait = (wait * 2).min(SLOWEST_RETRY);
            }
        }
    }
}

fn read_cursor(path: &Path) -> (u64, u64) {
    let text = fs::read_to_string(path).unwrap_or_default();
    let mut numbers = text.split_whitespace().map_while(|number| number.parse().ok());
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

fn write_cursor(path: &Path, tail: &Tail) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = File::create(&beside)?;
    writeln!(file, "{} {}", tail.number, tail.at)?;
    file.sync_data()?;
    fs::rename(beside, path)
}

/// Another service, spoken to in HTTP/1.1.
pub(crate) struct Target {
    shown: String,
    host: String,
    path: String,
}

impl Target {
    pub(crate) fn of(address: &str) -> Result<Target, ServiceError> {
        let refused = || ServiceError::Address(address.to_owned());
        let rest = address.strip_prefix("http://").ok_or_else(refused)?;
        let (host, path) =
            rest.split_once('/').map_or((rest, "/".to_owned()), |(host, path)| (host, format!("/{path}")));
        if host.is_empty() || path.contains(char::is_whitespace) || host.contains(char::is_whitespace) {
            return Err(refused());
        }
        let host = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
        Ok(Target { shown: address.to_owned(), host, path })
    }

    fn post(&self, lines: &[u8]) -> io::Result<()> {
        let mut stream = TcpStream::connect(&self.host)?;
        stream.set_read_timeout(Some(ANSWER))?;
        stream.set_write_timeout(Some(ANSWER))?;
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/x-ndjson\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.path,
            self.host,
            lines.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(lines)?;
        let mut status = String::new();
        BufReader::new(stream).read_line(&mut status)?;
        match status.split_whitespace().nth(1) {
            Some(code) if code.starts_with('2') => Ok(()),
            _ => Err(io::Error::other(format!("it answered {}", status.trim()))),
        }
    }
}
