//! `dtc transform`: events through documents. Rows go to standard output or into files; everything
//! about them (notices, unusable records, failed expressions) to standard error.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use dtc_engine::spill::{Ran, Wanted};
use dtc_engine::{
    BlurrLines, Cancel, Event, Events, Fault, Intake, Options, Output, Part, Plan, Silent, Stopped, Taken,
};
use dtc_expr::Mode;
use dtc_io::{
    Format, IoError, Origin, Piece, Processor, Projection, Reached, Reading, RowReading, Tabular, Taker, write_tables,
};
use dtc_lang::document::{Streaming, Window};
use dtc_lang::{Diagnostic, Document, LineIndex};

use crate::args::{DataProcessor, TableFormat, Transform};
use crate::aside::{Budget, Gathered, Gathering, TableAside, TemporaryFile, run_aside};
use crate::carried::Carried;
use crate::checking::{Checked, Checker, refuse_errors};
use crate::failure::{Failure, Outcome, printing};
use crate::place::Places;
use crate::project::{self, Text};

/// Unusable records that are told one by one.
const TOLD: u64 = 20;

pub fn run(arguments: &Transform) -> Outcome {
    let named = named_sources(arguments)?;
    let compiled = compile(arguments)?;
    let places = Places::new(arguments.endpoint_url.clone());
    let inputs = places.inputs(&named, compiled.mode)?;
    let (processor, threads) = (arguments.data_processor, arguments.threads);
    let Some(address) = &arguments.state else {
        return run_once(arguments, &compiled, &inputs);
    };
    let carried = Carried::open(places.state(address)?, &compiled.plan)?;
    if inputs.is_empty() {
        return give(&carried.whole(&compiled.plan)?, arguments, &compiled, &inputs);
    }
    let (events, reached) = if compiled.plan.has_event_ids() {
        (read(&inputs, &compiled, processor, threads)?.list(), Vec::new())
    } else {
        read_on(&inputs, &compiled, processor, &carried)?
    };
    let ran = carried.run(&compiled.plan, events, threads)?;
    give(ran.output(), arguments, &compiled, &inputs)?;
    carried.commit(&ran, reached)
}

/// A run without a state: of events in memory, or of more than it should hold.
fn run_once(arguments: &Transform, compiled: &Compiled, inputs: &[Box<dyn Origin>]) -> Outcome {
    let (plan, threads) = (&compiled.plan, arguments.threads);
    let folder = arguments.scratch.clone().or_else(|| arguments.out.clone()).unwrap_or_else(std::env::temp_dir);
    let budget = Budget { memory: arguments.memory, folder, threads };
    match gather(inputs, compiled, arguments.data_processor, budget.clone())? {
        Gathered::Memory(events) => {
            let output = dtc_engine::run(plan, &events, threads, &Cancel::default(), &Silent).map_err(stopped)?;
            tell_repeated(output.repeated);
            give(&output, arguments, compiled, inputs)
        }
        Gathered::Aside(spilled, file) => {
            let wanted = if arguments.out.is_some() { Wanted::Tables } else { Wanted::Lines };
            run_aside(plan, (spilled, &file), wanted, &budget, |ran| {
                tell_repeated(ran.repeated);
                give_aside(ran, &file, arguments, compiled, inputs)
            })
        }
    }
}

fn tell_repeated(repeated: u64) {
    if repeated > 0 {
        eprintln!("note: {repeated} events were left out; their ids came before");
    }
}

/// Tells what failed, and prints or writes the rest.
fn give(output: &Output, arguments: &Transform, compiled: &Compiled, inputs: &[Box<dyn Origin>]) -> Outcome {
    let dropped: usize = output.identities.iter().map(|identity| identity.dropped.len()).sum();
    tell_faults(&output.faults, dropped as u64, compiled, inputs);
    let plan = &compiled.plan;
    match &arguments.out {
        Some(folder) => {
            let tables = output.tables(plan);
            write(tables.iter().map(|(_, table)| table), folder, arguments)
        }
        None => print(|out| BlurrLines { output, plan }.write(out)),
    }
}

/// The same of what lies aside.
fn give_aside(
    ran: &Ran<'_>,
    file: &TemporaryFile,
    arguments: &Transform,
    compiled: &Compiled,
    inputs: &[Box<dyn Origin>],
) -> Outcome {
    tell_faults(&ran.faults, ran.dropped, compiled, inputs);
    match &arguments.out {
        Some(folder) => {
            let tables: Vec<_> = ran.tables().into_iter().map(|table| TableAside { table, file }).collect();
            write(&tables, folder, arguments)
        }
        None => print(|out| ran.write_lines(out)),
    }
}

/// What the user names as events. A comma separates names unless a file has it in its name.
pub fn named_sources(arguments: &Transform) -> Outcome<Vec<String>> {
    let mut names = Vec::new();
    for given in arguments.sources.iter().chain(&arguments.more_sources) {
        if Path::new(given).exists() {
            names.push(given.clone());
        } else {
            names.extend(given.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned));
        }
    }
    if names.is_empty() && arguments.state.is_none() {
        return Err(Failure::Usage("there are no events to run; name files or folders with --source".to_owned()));
    }
    Ok(names)
}

/// Checked and planned documents.
pub struct Compiled {
    pub plan: Plan,
    pub mode: Mode,
    pub streaming: Text,
    pub window: Option<Text>,
}

pub fn compile(arguments: &Transform) -> Outcome<Compiled> {
    let mut checker = Checker::new(arguments.compat.is_some());
    let streaming = project::read(&arguments.streaming)?;
    checker.learn(std::slice::from_ref(&streaming))?;
    let streaming = checker.check(streaming)?;
    let window = arguments.window.as_deref().map(project::read).transpose()?;
    let window = window.map(|text| checker.check(text)).transpose()?;
    let checked: Vec<&Checked> = [&streaming].into_iter().chain(&window).collect();
    refuse_errors(&checked, &checker.script_faults())?;
    let stream = streaming_of(&streaming)?;
    let over = window.as_ref().map(window_of).transpose()?;
    let mode = if arguments.compat.is_some() { Mode::Blurr } else { stream.header.mode };
    let options = Options { mode: arguments.compat.map(|_| Mode::Blurr) };
    let functions = checker.scripts(&arguments.streaming)?.functions.clone();
    match dtc_engine::plan(stream, over, &functions, &options) {
        Ok(plan) => Ok(Compiled { plan, mode, streaming: streaming.text, window: window.map(|window| window.text) }),
        Err((of_stream, of_window)) => {
            let mut found = vec![unplanned(&streaming, of_stream)];
            found.extend(window.as_ref().map(|window| unplanned(window, of_window)));
            refuse_errors(&found.iter().collect::<Vec<_>>(), &[])?;
            Err(Failure::Message("the documents could not be planned".to_owned()))
        }
    }
}

fn unplanned(checked: &Checked, diagnostics: Vec<Diagnostic>) -> Checked {
    Checked { text: checked.text.clone(), document: None, diagnostics }
}

fn streaming_of(checked: &Checked) -> Outcome<&Streaming> {
    match &checked.document {
        Some(Document::Streaming(streaming)) => Ok(streaming),
        _ => Err(wrong_kind(checked, "streaming")),
    }
}

fn window_of(checked: &Checked) -> Outcome<&Window> {
    match &checked.document {
        Some(Document::Window(window)) => Ok(window),
        _ => Err(wrong_kind(checked, "window")),
    }
}

fn wrong_kind(checked: &Checked, kind: &str) -> Failure {
    Failure::Usage(format!("{} is not a {kind} document; look at its `Type`", checked.text.path.display()))
}

/// Reads every event of every input into memory; what is unusable is told, not kept.
pub fn read(
    inputs: &[Box<dyn Origin>],
    compiled: &Compiled,
    processor: Option<DataProcessor>,
    threads: usize,
) -> Outcome<Events> {
    match gather(inputs, compiled, processor, Budget::unlimited(threads))? {
        Gathered::Memory(events) => Ok(events),
        Gathered::Aside(..) => Err(Failure::Message("there are more events than can be counted".to_owned())),
    }
}

/// Reads every event of every input; what is unusable is told, not kept.
fn gather(
    inputs: &[Box<dyn Origin>],
    compiled: &Compiled,
    processor: Option<DataProcessor>,
    budget: Budget,
) -> Outcome<Gathered> {
    let plan = &compiled.plan;
    let processor = processor.map(reader);
    let (columns, mode, threads) = (plan.columns(), compiled.mode, budget.threads);
    let reading = RowReading { columns, mode, processor, limit: None, threads, watch: &|_, _| true };
    let taker = || -> Taker<'_, Taken> {
        let mut intake = Intake::new(plan);
        Box::new(move |rows, lines| intake.part(rows, lines))
    };
    let mut gathering = Gathering::new(plan, budget);
    let mut told = Unusable::default();
    for (index, input) in inputs.iter().enumerate() {
        let mut give = |piece: Piece<Taken>| -> Result<(), IoError> {
            let mut bad: Vec<(u64, String)> = piece.bad.into_iter().map(|bad| (bad.line, bad.reason)).collect();
            told.records += bad.len() as u64;
            for (first, mut taken) in piece.blocks {
                told.records += taken.len() as u64;
                let refused = std::mem::take(&mut taken.unusable).into_iter();
                bad.extend(refused.map(|refused| (first + u64::from(refused.line), refused.reason)));
                gathering.add(index as u32, first, taken)?;
            }
            bad.sort_by_key(|(line, _)| *line);
            bad.iter().for_each(|(line, reason)| told.tell(&**input, *line, reason));
            Ok(())
        };
        let ended = match input.local() {
            Some(source) => reading.source_pieces(source, &taker, &mut give)?,
            None => {
                let opened = input.open(&reading.projection(), mode)?;
                reading.input_pieces(&input.shown(), opened, &taker, &mut give)?
            }
        };
        for notice in ended.notices {
            eprintln!("note: {}: {notice}", input.shown());
        }
    }
    told.sum_up();
    Ok(gathering.finish()?)
}

/// How far inputs were read, by their names.
type Positions = Vec<(String, Reached)>;

/// Reads of every input what no earlier batch has read, and says how far it was read.
fn read_on(
    inputs: &[Box<dyn Origin>],
    compiled: &Compiled,
    processor: Option<DataProcessor>,
    carried: &Carried,
) -> Outcome<(Vec<Event>, Positions)> {
    let projection = Projection::of(compiled.plan.source_fields());
    let mut intake = Intake::new(&compiled.plan);
    let (mut events, mut reached) = (Vec::new(), Vec::new());
    let mut told = Unusable::default();
    for (index, input) in inputs.iter().enumerate() {
        let name = input.name();
        let earlier = carried.reached(&name);
        let mut reading = Reading::start(&**input, earlier, &projection, compiled.mode, processor.map(reader))?;
        for record in reading.by_ref() {
            told.records += 1;
            match record {
                Err(bad) => told.tell(&**input, bad.line, &bad.reason),
                Ok(record) => match intake.accept(record.value, index as u32, record.line) {
                    Ok(event) => events.push(event),
                    Err(refused) => told.tell(&**input, record.line, &refused.reason),
                },
            }
        }
        reached.extend(input.size()?.map(|_| (name, reading.reached())));
        for notice in reading.notices() {
            eprintln!("note: {}: {notice}", input.shown());
        }
    }
    told.sum_up();
    Ok((events, reached))
}

fn reader(processor: DataProcessor) -> Processor {
    match processor {
        DataProcessor::Simple => Processor::Simple,
        DataProcessor::Ipfix => Processor::Ipfix,
    }
}

/// Records that are no events: the first ones are told one by one, the others counted.
#[derive(Default)]
struct Unusable {
    count: u64,
    /// Good ones too.
    records: u64,
}

impl Unusable {
    fn tell(&mut self, input: &dyn Origin, line: u64, reason: &str) {
        self.count += 1;
        if self.count <= TOLD {
            eprintln!("unusable: {}:{line}: {reason}", input.shown());
        }
    }

    fn sum_up(&self) {
        if self.count > 0 {
            let more = if self.count > TOLD { format!(" ({} more)", self.count - TOLD) } else { String::new() };
            eprintln!("note: {} of {} records could not be used{more}", self.count, self.records);
        }
    }
}

pub fn stopped(stopped: Stopped) -> Failure {
    Failure::Message(match stopped {
        Stopped::Cancelled => "the run was cancelled".to_owned(),
        Stopped::FieldsNotRead => "the events were read for other documents".to_owned(),
        Stopped::Aborted { place, error } => {
            format!("the run stopped at {place}: {}: {}", error.kind.name(), error.message)
        }
    })
}

pub fn tell_faults(faults: &[Fault], dropped: u64, compiled: &Compiled, inputs: &[Box<dyn Origin>]) {
    for fault in faults {
        let text = match fault.place.part {
            Part::Streaming => Some(&compiled.streaming),
            Part::Window => compiled.window.as_ref(),
        };
        let at = text.map_or_else(String::new, |text| place(text, fault.place.span.start));
        let file = inputs.get(fault.file as usize).map(|input| input.shown()).unwrap_or_default();
        eprintln!(
            "warning: {at}{} failed {}: {} (first at {file}:{})",
            fault.place.name,
            times(fault.count),
            fault.cause,
            fault.line
        );
    }
    if dropped > 0 {
        eprintln!("note: {dropped} anchors gave no row, because a window lacked data");
    }
}

/// `FILE:LINE:COLUMN: `
fn place(text: &Text, offset: u32) -> String {
    let (line, column) = LineIndex::new(&text.text).line_column(&text.text, offset);
    format!("{}:{line}:{column}: ", text.path.display())
}

fn times(count: u64) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

fn print(lines: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Outcome {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    lines(&mut out).and_then(|()| out.flush()).map_err(|error| printing(&error))
}

fn write<'t, T: Tabular + 't>(
    tables: impl IntoIterator<Item = &'t T>,
    folder: &Path,
    arguments: &Transform,
) -> Outcome {
    let format = match arguments.format.unwrap_or(TableFormat::Jsonl) {
        TableFormat::Jsonl => Format::JsonLines,
        TableFormat::Json => Format::Json,
        TableFormat::Csv => Format::Csv,
        TableFormat::Parquet => Format::Parquet,
        TableFormat::Arrow => Format::Arrow,
    };
    for path in write_tables(folder, tables, format)? {
        eprintln!("wrote {}", path.display());
    }
    Ok(())
}
