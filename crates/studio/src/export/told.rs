//! A bundle as the page reads it: every file beside the last export, what deploying does to data, the resources drawn.

use std::collections::BTreeMap;

use bundle::{Diagram, Environment, Harm, difference};
use studio_api::*;

use super::Export;
use super::last::{Last, last};

/// Longer texts are not shown, only counted.
const LONGEST_TEXT: usize = 1 << 20;
/// Longer diffs end with a word on what is left out.
const LONGEST_DIFF: usize = 200_000;

pub(super) fn info(id: ExportId, export: &Export) -> ExportInfo {
    let texts = bundle::texts(&export.bundle);
    let last = last(export);
    let earlier = last.as_ref().map(|last| last.exported.texts());
    let none = BTreeMap::new();
    let replaced = bundle::replacements(earlier.unwrap_or(&none), &texts);
    let warnings = replaced.into_iter().map(|one| ExportWarning {
        message: one.message,
        severe: matches!(one.harm, Harm::Lost | Harm::Refused | Harm::LeftBehind),
        line: one.line as u32,
    });
    let drawn = texts.get("template.yaml").and_then(|text| bundle::diagram(text));
    ExportInfo {
        export: id,
        target: export.target,
        files: files(export, &texts, last.as_ref()),
        environments: export.environments.iter().map(environment).collect(),
        last: last.map(|last| last.taken),
        warnings: warnings.collect(),
        resources: drawn.as_ref().map(resources).unwrap_or_default(),
        diagram: drawn.as_ref().map(Diagram::svg).unwrap_or_default(),
    }
}

fn files(export: &Export, texts: &BTreeMap<String, String>, last: Option<&Last>) -> Vec<ExportFile> {
    let mut files: Vec<ExportFile> = export.bundle.files.iter().map(|file| listed(file, texts, last)).collect();
    if let Some(last) = last {
        let gone = last.exported.paths().filter(|path| !export.bundle.files.iter().any(|file| file.path == **path));
        files.extend(gone.map(|path| ExportFile {
            path: path.to_owned(),
            bytes: 0,
            text: last.exported.text(path).map(str::to_owned),
            change: FileChange::Gone,
            diff: String::new(),
            added: 0,
            removed: 0,
        }));
        files.sort_by(|a, b| a.path.cmp(&b.path));
    }
    files
}

fn listed(file: &bundle::File, texts: &BTreeMap<String, String>, last: Option<&Last>) -> ExportFile {
    let text = texts.get(&file.path).filter(|text| text.len() <= LONGEST_TEXT && !text.contains('\0'));
    let change = match last {
        None => FileChange::Same,
        Some(last) if last.exported.is(&file.path, &file.content) => FileChange::Same,
        Some(last) if last.exported.paths().any(|path| path == file.path) => FileChange::Changed,
        Some(_) => FileChange::New,
    };
    let before = last.filter(|_| change == FileChange::Changed).and_then(|last| last.exported.text(&file.path));
    let differs = before.zip(text).map(|(before, now)| difference(before, now)).unwrap_or_default();
    ExportFile {
        path: file.path.clone(),
        bytes: file.content.len() as u64,
        text: text.cloned(),
        change,
        diff: shown(differs.hunks),
        added: differs.added as u32,
        removed: differs.removed as u32,
    }
}

/// A diff that a page can show.
pub(super) fn shown(mut hunks: String) -> String {
    if hunks.len() > LONGEST_DIFF {
        let end = hunks[..hunks.floor_char_boundary(LONGEST_DIFF)].rfind('\n').map_or(0, |end| end + 1);
        hunks.truncate(end);
        hunks.push_str("@@ the rest is left out here; save the bundle to see it @@\n");
    }
    hunks
}

fn environment(environment: &Environment) -> ExportEnvironment {
    let mut about = vec![format!("Stack {}", environment.stack)];
    about.extend(environment.region.as_ref().map(|region| format!("in {region}")));
    about.extend(environment.account.as_ref().map(|account| format!("of account {account}")));
    let mut about = about.join(" ");
    if environment.protected {
        about.push_str("; its tables cannot be deleted by mistake");
    }
    ExportEnvironment { name: environment.name.clone(), about, commands: environment.commands.clone() }
}

fn resources(drawn: &Diagram) -> Vec<ExportResource> {
    let shapes = drawn.shapes.iter().enumerate();
    let (half, middle) = (bundle::BOX.0 / 2, bundle::BOX.1 / 2);
    shapes
        .map(|(place, shape)| ExportResource {
            id: shape.id.clone(),
            kind: shape.kind.clone(),
            about: shape.about.clone(),
            holds_data: shape.holds_data,
            line: shape.line as u32,
            parts: shape.parts.iter().map(|(id, kind)| format!("{id} ({kind})")).collect(),
            from: drawn.flows.iter().filter(|(_, to)| *to == place).map(|(from, _)| *from as u32).collect(),
            to: drawn.flows.iter().filter(|(from, _)| *from == place).map(|(_, to)| *to as u32).collect(),
            x: shape.x + half,
            y: shape.y + middle,
        })
        .collect()
}
