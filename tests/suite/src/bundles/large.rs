//! More rows of one identity in a batch than DynamoDB writes together, and a table that fails in between: what was written
//! stands whole, and the same batch once more gives the rows of one run.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use libtest_mimic::{Failed, Trial};
use runtime_api::{Runtime, Surroundings};
use serde_json::{Value, json};

use super::project::{self, Project};
use super::replay::{batch, compare_rows, local, unpack};
use crate::moto::Moto;

/// Sessions of one user, two events each.
const SESSIONS: usize = 200;
/// Transactions that the table takes before it fails.
const TAKEN: usize = 2;

pub fn trials() -> Vec<Trial> {
    vec![Trial::test("bundles::offer::more_rows_than_one_transaction_holds", test)]
}

fn test() -> Result<(), Failed> {
    let project = Project::read(&project::folder().join("offer"))?;
    let scratch = tempfile::tempdir()?;
    unpack(&project, scratch.path())?;
    let moto = Moto::start()?;
    moto.create_table("rows", true)?;
    moto.create_table("positions", false)?;
    let left = Arc::new(AtomicUsize::new(TAKEN));
    let endpoint = format!("http://localhost:{}", unsteady(moto.port, left.clone())?);

    let stores: BTreeMap<&str, &str> =
        project.streaming.stores.iter().map(|store| (store.name.value.as_str(), "rows")).collect();
    let environment = [
        ("DTC_STREAMING", project.streaming.header.name.value.clone()),
        ("DTC_TABLES", serde_json::to_string(&stores)?),
        ("DTC_POSITIONS", "positions".to_owned()),
        ("DTC_DEDUP", "sequence".to_owned()),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value));
    let around = Surroundings { name: "large", environment: &environment, endpoint: &endpoint };
    let mut function = Runtime::start(scratch.path(), &around, &scratch.path().join("log"))?;

    let lines = events();
    let all = batch(lines.iter().enumerate().map(|(index, line)| (index, line.as_bytes())));
    let answer = function.invoke(&all)??;
    if answer["batchItemFailures"].as_array().is_none_or(Vec::is_empty) {
        return Err(format!("the table failed, and the answer is {answer}").into());
    }
    let between = count(&moto)?;
    if between == 0 || between > SESSIONS {
        return Err(format!("{between} rows after the failure; some of {SESSIONS} are expected").into());
    }
    left.store(usize::MAX, Ordering::SeqCst);
    let answer = function.invoke(&all)??;
    if answer != json!({"batchItemFailures": []}) {
        return Err(format!("the batch failed once more: {answer}").into());
    }
    let (_, output) = local(&project, &lines.join("\n"))?;
    compare_rows(&moto, &project, &output)
}

/// A start and an end of each game, all of one user.
fn events() -> Vec<String> {
    let event = |number: usize, kind: &str, second: usize| {
        json!({
            "event_time": format!("2025-03-{:02}T{:02}:00:{second:02}.000Z", 1 + number / 24, number % 24),
            "event_id": kind,
            "customer_identifier": "u-1",
            "session_id": format!("s-{number}"),
            "level": number,
            "won": "1",
        })
        .to_string()
    };
    (0..SESSIONS).flat_map(|number| [event(number, "game_start", 0), event(number, "game_end", 30)]).collect()
}

fn count(moto: &Moto) -> Result<usize, Failed> {
    let scanned = moto.dynamodb("Scan", &json!({"TableName": "rows"}))?;
    Ok(scanned["Items"].as_array().map_or(0, Vec::len))
}

/// A port in front of moto that refuses transactions once so many went through.
fn unsteady(moto: u16, left: Arc<AtomicUsize>) -> std::io::Result<u16> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let port = listener.local_addr()?.port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // A request that breaks off is the function's affair: it asks again.
            let _ = pass_on(&stream, moto, &left);
        }
    });
    Ok(port)
}

fn pass_on(mut client: &TcpStream, moto: u16, left: &AtomicUsize) -> std::io::Result<()> {
    let mut reader = BufReader::new(client);
    let (mut head, mut length, mut is_transaction) = (String::new(), 0, false);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        let lower = line.to_ascii_lowercase();
        is_transaction |= lower.contains("transactwriteitems");
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if !lower.starts_with("connection:") {
            head.push_str(&line);
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let refused =
        is_transaction && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_err();
    if refused {
        let text: Value = json!({"__type": "com.amazonaws.dynamodb.v20120810#ValidationException", "message": "no"});
        let text = text.to_string();
        let answer = format!(
            "HTTP/1.1 400 Bad Request\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{text}",
            text.len()
        );
        return client.write_all(answer.as_bytes());
    }
    let mut server = TcpStream::connect(("127.0.0.1", moto))?;
    server.write_all(format!("{head}Connection: close\r\n\r\n").as_bytes())?;
    server.write_all(&body)?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer)?;
    client.write_all(&answer)
}
