//! Runs whose events and rows go aside, because memory should not hold them, give the bytes and the failures that
//! runs in memory give: every case of `runs/`, random projects, and a large project with everything that looks at
//! more than one identity (repeated ids, limits of a run, columns from maps, more causes than are told).

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use dtc_engine::spill::{Aside, Halted, Held, RanTable, Spilled, Spot, Wanted, run_spilled};
use dtc_engine::{Cancel, Intake, Plan};
use dtc_expr::{Mode, RowsBuilder};
use dtc_io::write::TakeRows;
use dtc_io::{Format, Input, IoError, Projection, Tabular, write_tables};
use libtest_mimic::{Failed, Trial};

use crate::plain::Case;
use crate::runs::{Job, JobResult, cases, folder};

/// Records of a part; parts of a batch; bytes that partitions take at once; threads.
const WAYS: [(usize, usize, usize, usize); 4] =
    [(1, 1, 1, 2), (3, 2, 300, 1), (7, 1, 1 << 20, 8), (100, 100, 2_000, 2)];
const FORMATS: [Format; 5] = [Format::JsonLines, Format::Json, Format::Csv, Format::Parquet, Format::Arrow];

pub fn trials() -> Vec<Trial> {
    let every = cases(&folder("runs")).into_iter().map(|(name, path)| {
        Trial::test(format!("spilled::{name}"), move || {
            let case = Case::read(&path)?;
            let place = tempfile::tempdir()?;
            let saved = case.save(place.path())?;
            changes_nothing(&saved.job(), &WAYS, &FORMATS)?;
            changes_nothing(&Job { window: None, ..saved.job() }, &WAYS, &FORMATS)
        })
    });
    let large = ["", "\n  Max: 700\n  MaxPer: run", "\n  Max: 700\n  MaxPer: run\n  Pick: random\n  Seed: 5"];
    let large = large.into_iter().enumerate().map(|(number, limit)| {
        Trial::test(format!("spilled::large_{number}"), move || {
            let place = tempfile::tempdir()?;
            let saved = large_case(limit).save(place.path())?;
            let output = saved.job().run()?.output;
            let rows: usize = output.identities.iter().map(|identity| identity.rows.len()).sum();
            let more_causes = output.faults.iter().any(|fault| fault.cause == "other causes");
            if output.repeated < 100 || !more_causes || rows < 700 || (rows == 700) == limit.is_empty() {
                return Err(format!("{} repeated, {more_causes}, {rows} rows: it tests less", output.repeated).into());
            }
            changes_nothing(&saved.job(), &[(500, 3, 100_000, 2), (2_000, 1, 1 << 30, 8), (900, 2, 5_000, 1)], &FORMATS)
        })
    });
    every.chain(large).collect()
}

/// What a run gives, in memory or not.
#[derive(PartialEq)]
struct Given {
    lines: String,
    /// By format, file by file.
    tables: Vec<Vec<Vec<u8>>>,
    faults: String,
    events: u64,
    repeated: u64,
    dropped: u64,
}

/// In each way the job gives what it gives in memory, its error too.
pub fn changes_nothing(job: &Job<'_>, ways: &[(usize, usize, usize, usize)], formats: &[Format]) -> Result<(), Failed> {
    let plan = job.plan()?;
    let wanted = match job.run() {
        Ok(result) => Ok(in_memory(&result, formats)?),
        Err(failed) => Err(failed.message().unwrap_or_default().to_owned()),
    };
    for way in ways {
        let found = match aside(job, &plan, *way, formats) {
            Err(Halted::Aside(error)) => return Err(format!("{way:?}: {error}").into()),
            Err(Halted::Stopped(stopped)) => Err(format!("{stopped:?}")),
            Ok(found) => Ok(found),
        };
        if let Some(what) = difference(&wanted, &found) {
            return Err(format!("records, parts, bytes and threads {way:?}: {what}").into());
        }
    }
    Ok(())
}

fn difference(wanted: &Result<Given, String>, found: &Result<Given, String>) -> Option<String> {
    let (wanted, found) = match (wanted, found) {
        (Ok(wanted), Ok(found)) if wanted == found => return None,
        (Err(wanted), Err(found)) if wanted == found => return None,
        (Ok(wanted), Ok(found)) => (wanted, found),
        (wanted, found) => {
            let told = |given: &Result<Given, String>| given.as_ref().err().cloned().unwrap_or("rows".to_owned());
            return Some(format!("{} instead of {}", told(found), told(wanted)));
        }
    };
    if wanted.lines != found.lines {
        let differs = wanted.lines.lines().zip(found.lines.lines()).find(|(a, b)| a != b);
        return Some(format!("lines: {differs:?} of {} and {}", wanted.lines.len(), found.lines.len()));
    }
    if wanted.faults != found.faults {
        return Some(format!("faults\n  in memory {}\n  aside     {}", wanted.faults, found.faults));
    }
    let counts = |given: &Given| (given.events, given.repeated, given.dropped);
    if counts(wanted) != counts(found) {
        return Some(format!("events, repeated, dropped: {:?} and {:?}", counts(wanted), counts(found)));
    }
    let formats = wanted.tables.iter().zip(&found.tables).position(|(a, b)| a != b);
    Some(format!("the tables of format {formats:?} differ"))
}

fn in_memory(result: &JobResult, formats: &[Format]) -> Result<Given, Failed> {
    let tables: Vec<_> = result.output.tables(&result.plan).into_iter().map(|(_, table)| table).collect();
    let written = formats.iter().map(|format| written(&tables, *format));
    Ok(Given {
        lines: result.lines.clone(),
        tables: written.collect::<Result<_, _>>()?,
        faults: format!("{:?}", result.output.faults),
        events: result.output.events,
        repeated: result.output.repeated,
        dropped: result.output.identities.iter().map(|identity| identity.dropped.len() as u64).sum(),
    })
}

fn written<T: Tabular>(tables: &[T], format: Format) -> Result<Vec<Vec<u8>>, IoError> {
    let folder = tempfile::tempdir().map_err(|cause| IoError::system(&std::env::temp_dir(), "write", cause))?;
    let files = write_tables(folder.path(), tables, format)?;
    let read = |path: &PathBuf| std::fs::read(path).map_err(|cause| IoError::system(path, "read", cause));
    files.iter().map(read).collect()
}

fn aside(
    job: &Job<'_>,
    plan: &Plan,
    (records, parts, memory, threads): (usize, usize, usize, usize),
    formats: &[Format],
) -> Result<Given, Halted> {
    let kept = Kept::default();
    let run = |wanted| {
        let spilled = spill(job, plan, (records, parts), threads, &kept)?;
        run_spilled(plan, spilled, wanted, (memory, threads), &Cancel::default(), &kept)
    };
    let ran = run(Wanted::Lines)?;
    let mut lines = Vec::new();
    ran.write_lines(&mut lines)?;
    let tables = run(Wanted::Tables)?;
    assert_eq!(tables.faults, ran.faults);
    let tables: Vec<Rows<'_>> = tables.tables().into_iter().map(Rows).collect();
    let written = formats.iter().map(|format| written(&tables, *format).map_err(io::Error::other));
    Ok(Given {
        lines: String::from_utf8(lines).map_err(io::Error::other)?,
        tables: written.collect::<io::Result<_>>()?,
        faults: format!("{:?}", ran.faults),
        events: ran.events,
        repeated: ran.repeated,
        dropped: ran.dropped,
    })
}

/// Reads the job's files in small parts and puts them aside, so many parts at a time.
fn spill(
    job: &Job<'_>,
    plan: &Plan,
    (records, parts): (usize, usize),
    threads: usize,
    kept: &Kept,
) -> io::Result<Spilled> {
    let (mut spilled, mut held, mut count) = (Spilled::default(), Held::default(), 0);
    let mut intake = Intake::new(plan);
    for (file, path) in job.data.iter().enumerate() {
        let input = Input::open(path, &Projection::All, Mode::Studio).map_err(io::Error::other)?;
        let all: Vec<_> = input.flatten().collect();
        for part in all.chunks(records) {
            let mut rows = RowsBuilder::new(plan.columns());
            for record in part {
                rows.set_event(&record.value, plan.columns());
                rows.push();
            }
            let lines = part.iter().map(|record| (record.line - part[0].line) as u32).collect();
            held.add(file as u32, part[0].line, intake.part(rows.rows(), lines));
            count += 1;
            if count % parts == 0 {
                spilled.add(plan, std::mem::take(&mut held), threads, kept)?;
            }
        }
    }
    spilled.add(plan, held, threads, kept)?;
    Ok(spilled)
}

/// Bytes in memory that stand for a file.
#[derive(Default)]
struct Kept(Mutex<Vec<u8>>);

impl Aside for Kept {
    fn put(&self, bytes: &[u8]) -> io::Result<Spot> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let offset = all.len() as u64;
        all.extend_from_slice(bytes);
        Ok(Spot { offset, length: bytes.len() as u64 })
    }

    fn get(&self, spot: Spot) -> io::Result<Vec<u8>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let range = spot.offset as usize..(spot.offset + spot.length) as usize;
        all.get(range).map(<[u8]>::to_vec).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

struct Rows<'r>(RanTable<'r>);

impl Tabular for Rows<'_> {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn each(&self, most: usize, take: TakeRows<'_>) -> Result<(), IoError> {
        let refused = |cause| IoError::system(&PathBuf::from("kept"), "read", cause);
        let mut parts = self.0.parts().map_err(refused)?;
        let mut any = false;
        while let Some(part) = parts.next(most).map_err(refused)? {
            any = true;
            take(&part, 0..part.rows())?;
        }
        if any { Ok(()) } else { take(&parts.empty(), 0..0) }
    }
}

/// 12,000 events of 1,500 users in three files, seeded.
fn large_case(limit: &str) -> Case {
    let mut state = 42_u64;
    let mut random = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut files = vec![String::new(); 3];
    for number in 0..12_000_u64 {
        let (user, minute) = (random(1_500), random(60 * 24 * 3));
        let at = format!(
            "2020-01-{:02}T{:02}:{:02}:00+0{}:00",
            1 + minute / 1_440,
            minute / 60 % 24,
            minute % 60,
            random(3)
        );
        // One of eight has the id of another.
        let id = if random(8) == 0 { random(number + 1) } else { number };
        let id = if random(20) == 0 { "null".to_owned() } else { format!("\"event {id}\"") };
        let n = random(6);
        let text = if random(50) == 0 { format!("x{}", random(80)) } else { random(100).to_string() };
        let line = match random(300) {
            0 => "not a record\n".to_owned(),
            1 => format!("{{\"at\": \"{at}\"}}\n"),
            _ => format!(
                "{{\"who\": \"user {user}\", \"at\": \"{at}\", \"id\": {id}, \"n\": {n}, \"big\": {}, \"text\": \"{text}\", \
                 \"key\": \"k{}\", \"deep\": {{\"list\": [{n}, \"ü\", {{\"x\": 1.5}}]}}}}\n",
                if n == 5 { "123456789012345678901".to_owned() } else { format!("{n}.25") },
                random(12),
            ),
        };
        files[(number * 3 / 12_000) as usize] += &line;
    }
    Case { streaming: LARGE.to_owned(), window: Some(LARGE_WINDOW.replace("LIMIT", limit)), files }
}

const LARGE: &str = "Type: ProductML:DTC:Streaming
Name: s
Version: '2018-03-01'
Identity: source.who
Time: parse_time(source.at)
EventId: source.id
Stores:
  - { Type: 'ProductML:DTC:Store:Memory', Name: mem }
Aggregates:
  - Type: ProductML:DTC:Aggregate:Identity
    Name: user
    Store: mem
    Fields:
      - { Name: total, Type: integer, Value: user.total + source.n }
      - { Name: texts, Type: integer, Value: user.texts + int(source.text) }
      - { Name: share, Type: float, Value: 1 / source.n }
      - { Name: big, Type: integer, Value: source.big, When: source.n == 5 }
      - { Name: last, Type: list, Value: source.deep.list }
      - { Name: kinds, Type: set, Value: user.kinds.add(source.key) }
      - { Name: by, Type: map, Value: 'user.by.set(source.key, source.n)' }
  - Type: ProductML:DTC:Aggregate:Activity
    Name: visit
    Store: mem
    SeparateByInactiveSeconds: 3600
    Fields:
      - { Name: n, Type: integer, Value: visit.n + source.n }
      - { Name: key, Type: string, Value: source.key }
";

const LARGE_WINDOW: &str = "Type: ProductML:DTC:Window
Name: w
Version: '2018-03-01'
SourceDTC: s
Anchor:
  Condition: s.visit.n > 3LIMIT
Aggregates:
  - Type: ProductML:DTC:Aggregate:Window
    Name: before
    WindowType: count
    WindowValue: -2
    Source: s.visit
    Fields:
      - { Name: n, Type: integer, Value: 'sum(source.n)' }
      - { Name: keys, Type: map, Value: 'dict((key, 1) for key in source.key)' }
  - Type: ProductML:DTC:Aggregate:Variable
    Name: then
    Fields:
      - { Name: total, Type: integer, Value: s.user.total }
      - { Name: failing, Type: float, Value: 1 / (s.user.total - 7) }
";
