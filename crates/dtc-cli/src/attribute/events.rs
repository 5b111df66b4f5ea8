//! A project's attribution document over its events.

use std::path::PathBuf;

use attribution::Events;
use dtc_lang::Document;
use dtc_lang::document::Attribution;
use studio::{JourneyPrograms, Record, credit_models, doubts, preparation};

use super::Given;
use crate::args::Attribute;
use crate::checking::{Checker, refuse_errors};
use crate::failure::{Failure, Outcome};
use crate::place::Places;
use crate::project;

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
    let functions = checker.scripts(&path)?.functions.clone();
    let name = path.display().to_string();
    let refused = |error: studio_api::ApiError| Failure::Message(error.message);
    let (programs, projection) = JourneyPrograms::compile(&name, document, &functions).map_err(refused)?;
    let mode = document.header.mode;
    let mut events = Events::new();
    let mut unusable = 0;
    for input in Places::new(None).inputs(&sources(arguments)?, mode)? {
        let mut record = Record::new();
        for read in input.open(&projection, mode)? {
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
    if unusable > TOLD {
        eprintln!("note: {unusable} records could not be used");
    }
    given(document, &name, events, unusable).map_err(refused)
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
