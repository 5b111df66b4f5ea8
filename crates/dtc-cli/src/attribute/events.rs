//! A project's attribution document over its events, or over the blocks that a streaming document makes of them.

use std::path::{Path, PathBuf};

use attribution::Events;
use dtc_engine::{Cancel, Silent};
use dtc_io::Origin;
use dtc_lang::document::{Attribution, Streaming};
use dtc_lang::{Document, Project, blocks_of};
use studio::{Around, Blocks, JourneyPrograms, Record, credit_models, doubts, preparation};

use super::{Given, stores};
use crate::args::Attribute;
use crate::checking::{Checker, refuse_errors};
use crate::failure::{Failure, Outcome};
use crate::place::Places;
use crate::project::{self, Text};
use crate::transform::{self, Compiled};

/// Records that cannot be used and are told one by one.
const TOLD: u64 = 20;

pub fn read(arguments: &Attribute) -> Outcome<Given> {
    let path = document(arguments)?;
    let mut checker = Checker::new(false);
    let checked = checker.check(project::read(&path)?)?;
    refuse_errors(&[&checked], &checker.script_faults())?;
    let Some(Document::Attribution(document)) = &checked.document else {
        return Err(Failure::Usage(format!("{} is not an attribution document; look at its `Type`", path.display())));
    };
    let project = checker.project_of(&path)?;
    let around = Around { streams: &project.streaming, functions: &project.functions };
    let name = path.display().to_string();
    let reader = Reader { name: &name, document, around };
    let inputs = match &arguments.from {
        Some(store) => stores::events(&document.stores, store)?,
        None => Places::new(None).inputs(&sources(arguments)?, document.header.mode)?,
    };
    let (events, unusable) = match Blocks::of(document, &around).map_err(refused)? {
        Some(blocks) => {
            reader.blocks(&inputs, blocks, streaming_text(&path, document, &project)?, arguments.threads)?
        }
        None => reader.events(&inputs)?,
    };
    given(document, &name, events, unusable).map_err(refused)
}

fn refused(error: studio_api::ApiError) -> Failure {
    Failure::Message(error.message)
}

/// A document beside its project.
struct Reader<'a> {
    name: &'a str,
    document: &'a Attribution,
    around: Around<'a>,
}

impl Reader<'_> {
    /// The events, and how many records could not be used.
    fn events(&self, inputs: &[Box<dyn Origin>]) -> Outcome<(Events, u64)> {
        let compiled = JourneyPrograms::compile(self.name, self.document, &self.around);
        let (programs, projection) = compiled.map_err(refused)?;
        let mut events = Events::new();
        let (mut unusable, mut record) = (0, Record::new());
        for input in inputs {
            for read in input.open(&projection, self.document.header.mode)? {
                let refusal = match read {
                    Err(bad) => Some((bad.line, bad.reason)),
                    Ok(read) => {
                        record.set(read.value);
                        let taken = programs.take(&mut record, &mut events);
                        taken.is_none().then(|| (read.line, "no identity, time or touch point".to_owned()))
                    }
                };
                if let Some((line, reason)) = refusal {
                    unusable += 1;
                    if unusable <= TOLD {
                        eprintln!("unusable: {}:{line}: {reason}", input.shown());
                    }
                }
            }
        }
        if record.unread > 0 {
            eprintln!("note: values or costs that are no numbers count as 0: {}", record.unread);
        }
        if unusable > TOLD {
            eprintln!("note: {unusable} records could not be used");
        }
        Ok((events, unusable))
    }

    /// Runs the streaming document, and takes what it makes.
    fn blocks(
        &self,
        inputs: &[Box<dyn Origin>],
        blocks: Blocks,
        streaming: Text,
        threads: usize,
    ) -> Outcome<(Events, u64)> {
        let compiled = JourneyPrograms::compile(self.name, self.document, &self.around);
        let (programs, _) = compiled.map_err(refused)?;
        let run = Compiled { mode: blocks.mode, plan: blocks.plan.clone(), streaming, window: None };
        let read = transform::read(inputs, &run, None, threads)?;
        let output = dtc_engine::run(&run.plan, &read, threads, &Cancel::default(), &Silent);
        let output = output.map_err(transform::stopped)?;
        transform::tell_faults(&output.faults, 0, &run, inputs);
        let mut events = Events::new();
        let mut unusable = 0;
        blocks.each(output, |block| unusable += u64::from(programs.take(block, &mut events).is_none()));
        if unusable > 0 {
            eprintln!("note: {unusable} blocks could not be used; they have no identity, time or touch point");
        }
        Ok((events, unusable))
    }
}

/// The text of the streaming document that an attribution document draws on.
fn streaming_text(path: &Path, document: &Attribution, project: &Project) -> Outcome<Text> {
    let source = document.source.as_ref().and_then(|source| blocks_of(&source.value, &project.streaming));
    let wanted = source.map(|(stream, _)| stream.header.name.value.as_str()).unwrap_or_default();
    for file in project::yaml_files(&project::folder_of(path))? {
        let Ok(text) = project::read(&file) else { continue };
        let named = |stream: &Streaming| stream.header.name.value == wanted;
        match dtc_lang::read_document(&text.text, project) {
            Some(Document::Streaming(stream)) if named(&stream) => return Ok(text),
            _ => {}
        }
    }
    Err(Failure::Message(format!("the streaming document `{wanted}` is not beside {}", path.display())))
}

fn given(document: &Attribution, name: &str, events: Events, unusable: u64) -> Result<Given, studio_api::ApiError> {
    let models = credit_models(name, document)?;
    let journeys = events.prepare(&preparation(document));
    Ok(Given {
        dataset: document.header.name.value.clone(),
        paths: journeys.paths,
        costs: journeys.costs,
        unusable,
        models: Some(models),
        doubt: doubts(document),
        stores: document.stores.clone(),
    })
}
/// The document that is named, or the only one of the project.
fn document(arguments: &Attribute) -> Outcome<PathBuf> {
    if let Some(path) = &arguments.document {
        return Ok(path.clone());
    }
    let Some(folder) = arguments.project.as_deref() else {
        return Err(Failure::Usage("name a project's folder, or a table with --paths or --journeys".to_owned()));
    };
    let mut checker = Checker::new(false);
    let mut found = Vec::new();
    for path in project::yaml_files(folder)? {
        let text = project::read(&path)?;
        if project::means_to_be_document(&text)
            && let Some(Document::Attribution(_)) = checker.check(text)?.document
        {
            found.push(path);
        }
    }
    match found.len() {
        0 => Err(Failure::Message(format!("{} holds no attribution document", folder.display()))),
        1 => Ok(found.remove(0)),
        _ => {
            let names: Vec<String> = found.iter().map(|path| path.display().to_string()).collect();
            let names = names.join(", ");
            Err(Failure::Usage(format!("there are several attribution documents: {names}; name one with --document")))
        }
    }
}

fn sources(arguments: &Attribute) -> Outcome<Vec<String>> {
    if !arguments.sources.is_empty() {
        return Ok(arguments.sources.clone());
    }
    let folder = match (&arguments.project, &arguments.document) {
        (Some(folder), _) => folder.clone(),
        (None, Some(document)) => project::folder_of(document),
        (None, None) => PathBuf::from("."),
    };
    let data = folder.join("data");
    if !data.is_dir() {
        let folder = folder.display();
        return Err(Failure::Usage(format!("{folder} has no folder data; name the events with --source")));
    }
    Ok(vec![data.display().to_string()])
}
