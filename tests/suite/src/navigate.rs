//! Navigation cases: `navigate/NAME.yaml` holds a project's documents, `# ==== FILE` before each. Below a line
//! with `‸`, comment lines say what the name at the cursor is: `# defined: FILE line:column`, `# used: …`,
//! and what becomes of `# rename to NEW:`, which the case asks for. Behind the last document, `# outline:` and
//! `# folds:` of each. `UPDATE=1` rewrites all but the questions.

use std::path::Path;

use dtc_expr::Functions;
use dtc_lang::navigate::{File, Location, Part, definition, folds, outline, rename, uses_of};
use dtc_lang::{LineIndex, Project};
use libtest_mimic::{Failed, Trial};

use crate::editor::CURSOR;
use crate::language::{compare_annotated, trials_of};

const FILE: &str = "# ==== ";
const ANSWERS: [&str; 4] = ["# defined: ", "# used: ", "# outline: ", "# folds: "];
const RENAME: &str = "# rename to ";

pub fn trials() -> Vec<Trial> {
    trials_of("navigate", case)
}

fn case(path: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(path)?;
    compare_annotated(path, &text, annotated(&text))
}

fn annotated(case: &str) -> String {
    let parts: Vec<(&str, &str)> =
        case.split(FILE).filter(|part| !part.is_empty()).filter_map(|part| part.split_once('\n')).collect();
    let marked: Vec<String> = parts.iter().map(|(_, part)| without_answers(part)).collect();
    let texts: Vec<String> = marked
        .iter()
        .map(|text| text.replace(CURSOR, ""))
        .map(|text| text.split_inclusive('\n').filter(|line| !line.starts_with(RENAME)).collect())
        .collect();
    let files: Vec<File> = parts.iter().zip(&texts).map(|((name, _), text)| File { name, text }).collect();
    let scripts = files.iter().filter_map(|file| {
        let module = file.name.strip_prefix("functions/")?.strip_suffix(".rhai")?;
        Some((module.to_owned(), file.text.to_owned()))
    });
    let (functions, _) = Functions::compile(&scripts.collect::<Vec<_>>());
    let project = Project { functions, ..Project::default() };
    let mut out = String::new();
    for (number, text) in marked.iter().enumerate() {
        out.push_str(&format!("{FILE}{}\n", files[number].name));
        let (mut offset, mut cursor) = (0, None);
        for line in text.split_inclusive('\n') {
            if let Some(question) = line.strip_prefix(RENAME) {
                let name = question.split(':').next().unwrap_or_default().trim();
                out.push_str(&renamed(&files, number, cursor.unwrap_or_default(), name, &project));
                continue;
            }
            out.push_str(line);
            let pieces: Vec<&str> = line.split(CURSOR).collect();
            for (place, piece) in pieces.iter().enumerate() {
                offset += piece.len() as u32;
                if place + 1 < pieces.len() {
                    cursor = Some(offset);
                    out.push_str(&told(&files, number, offset, &project));
                }
            }
        }
    }
    for file in files.iter().filter(|file| file.name.ends_with(".yaml")) {
        let folds: Vec<String> = folds(file.text).iter().map(|(first, last)| format!("{first}-{last}")).collect();
        let outline = outline(file.text).map_or_else(String::new, |part| shown(&part));
        out.push_str(&format!("# outline: {} {outline}\n# folds: {} {}\n", file.name, file.name, folds.join(" ")));
    }
    out
}

fn without_answers(part: &str) -> String {
    part.split_inclusive('\n').filter(|line| !ANSWERS.iter().any(|start| line.starts_with(start))).collect()
}

fn at(files: &[File], location: &Location) -> String {
    let file = files[location.file];
    let (line, column) = LineIndex::new(file.text).line_column(file.text, location.span.start);
    format!("{} {line}:{column}", file.name)
}

fn told(files: &[File], file: usize, offset: u32, project: &Project) -> String {
    let defined = definition(files, file, offset, project).map_or("nowhere".to_owned(), |found| at(files, &found));
    let used = uses_of(files, file, offset, project);
    let used: Vec<String> = used.iter().map(|found| at(files, found)).collect();
    format!("# defined: {defined}\n# used: {}\n", used.join(", "))
}

fn renamed(files: &[File], file: usize, offset: u32, name: &str, project: &Project) -> String {
    let answer = match rename(files, file, offset, name, project) {
        Ok(places) => places.iter().map(|place| at(files, place)).collect::<Vec<_>>().join(", "),
        Err(error) => error.to_string(),
    };
    format!("{RENAME}{name}: {answer}\n")
}

fn shown(part: &Part) -> String {
    let inner: Vec<String> = part.parts.iter().map(shown).collect();
    let kind = format!("{:?}", part.kind).to_lowercase();
    let own = [kind.as_str(), &part.name, &part.detail].join(" ");
    if inner.is_empty() { own.trim_end().to_owned() } else { format!("{} [{}]", own.trim_end(), inner.join(", ")) }
}
