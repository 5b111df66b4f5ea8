//! Language cases: `language/NAME.yaml` is a document; comment lines below a line say what is expected
//! of that line (`# error[DTC0203] 4-9: message`, `# label:`, `# at:`, `# help:`, `# fix:`). `UPDATE=1` rewrites them.
//!
//! A first line `# mode: blurr` checks by Blurr's rules, `# data: path:type=example …` against these fields.
//! `# ==== next document` puts a streaming document and what draws on it into one case; a part that begins
//! with `// functions/NAME.rhai` is a script. A fix must cure what it is offered for.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use dtc_expr::Functions;
use dtc_lang::{DataField, Diagnostic, Document, LineIndex, Project, Severity, Span, check, codes};
use libtest_mimic::{Failed, Trial};

const MODE: &str = "# mode: blurr";
const NEXT: &str = "# ==== next document";
const EXPECTED: [&str; 7] = ["# error[", "# warning[", "# note[", "# label: ", "# at: ", "# help: ", "# fix: "];

pub fn trials() -> Vec<Trial> {
    let files = yaml_files(&folder_of("language"));
    let mut trials = trials_of("language", case);
    trials.push(Trial::test("language::every_code_has_a_case", move || every_code_has_a_case(&files)));
    trials.push(Trial::test("language::every_code_has_a_page", every_code_has_a_page));
    trials.extend(reference_trials());
    trials.extend(verdict_trials());
    trials
}

/// The cases of one kind.
pub fn folder_of(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(kind)
}

/// A trial for each file of a kind's folder.
pub fn trials_of(kind: &'static str, case: fn(&Path) -> Result<(), Failed>) -> Vec<Trial> {
    let trial = |path: PathBuf| Trial::test(format!("{kind}::{}", stem(&path)), move || case(&path));
    yaml_files(&folder_of(kind)).into_iter().map(trial).collect()
}

/// Runs one case, or writes what was found under `UPDATE=1`.
fn case(path: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(path)?;
    compare_annotated(path, &text, annotated(&text)?)
}

/// A case that holds its own expectations against what was found, or takes that under `UPDATE=1`.
pub fn compare_annotated(path: &Path, text: &str, found: String) -> Result<(), Failed> {
    if text == found {
        return Ok(());
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, found)?;
        return Ok(());
    }
    Err(format!("{}: expected\n{text}\nfound\n{found}", path.display()).into())
}

/// The case with the expectations that hold now.
pub fn annotated(case: &str) -> Result<String, Failed> {
    let mut project = Project { blurr: case.starts_with(MODE), data: data(case), ..Project::default() };
    let mut parts = Vec::new();
    for part in case.split(&format!("{NEXT}\n")) {
        let text = without_expectations(part);
        if let Some(module) = script_name(&text) {
            let (functions, faults) = Functions::compile(&[(module.to_owned(), text.clone())]);
            let diagnostics: Vec<Diagnostic> =
                faults.iter().map(|fault| dtc_lang::script_diagnostic(&text, fault)).collect();
            parts.push(with_expectations(&text, &diagnostics));
            project.functions = functions;
            continue;
        }
        let (document, diagnostics) = check(&text, &project);
        for diagnostic in &diagnostics {
            well_formed(&text, diagnostic)?;
            fix_cures(&text, &project, diagnostic)?;
        }
        every_cure_is_taken(&text, &project)?;
        parts.push(with_expectations(&text, &diagnostics));
        if let Some(Document::Streaming(streaming)) = document {
            project.streaming.push(streaming);
        }
    }
    Ok(parts.join(&format!("{NEXT}\n")))
}

/// The fields of `# data: path:type=example,example …`, the first line of the case or the one below its mode.
fn data(case: &str) -> Vec<DataField> {
    let first = case.lines().take(2).find_map(|line| line.strip_prefix("# data: ")).unwrap_or_default();
    let field = |(path, kind): (&str, &str)| {
        let (kind, examples) = kind.split_once('=').unwrap_or((kind, ""));
        let examples = examples.split(',').filter(|example| !example.is_empty());
        DataField {
            path: path.to_owned(),
            types: kind.split('|').map(str::to_owned).collect(),
            share: 1.0,
            examples: examples.map(|example| format!("{example:?}")).collect(),
        }
    };
    first.split_whitespace().filter_map(|word| word.split_once(':')).map(field).collect()
}

/// A part that begins with `// functions/NAME.rhai` is a script.
fn script_name(text: &str) -> Option<&str> {
    text.lines().next()?.strip_prefix("// functions/")?.strip_suffix(".rhai")
}

fn without_expectations(text: &str) -> String {
    text.split_inclusive('\n').filter(|line| !EXPECTED.iter().any(|start| line.starts_with(start))).collect()
}

fn with_expectations(text: &str, diagnostics: &[Diagnostic]) -> String {
    let index = LineIndex::new(text);
    let mut out = String::new();
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        out.push_str(line);
        for diagnostic in
            diagnostics.iter().filter(|diagnostic| index.line_column(text, diagnostic.primary.span.start).0 == number)
        {
            out.push_str(&expectation(text, &index, diagnostic));
        }
    }
    if text.is_empty() {
        diagnostics.iter().for_each(|diagnostic| out.push_str(&expectation(text, &index, diagnostic)));
    }
    out
}

fn expectation(text: &str, index: &LineIndex, diagnostic: &Diagnostic) -> String {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let (_, start) = index.line_column(text, diagnostic.primary.span.start);
    let (_, end) = index.line_column(text, diagnostic.primary.span.end);
    let mut out = format!("# {severity}[{}] {start}-{end}: {}\n", diagnostic.code.0, diagnostic.message);
    out.push_str(&format!("# label: {}\n", diagnostic.primary.text));
    for other in &diagnostic.others {
        let (line, column) = index.line_column(text, other.span.start);
        out.push_str(&format!("# at: {line}:{column} {}\n", other.text));
    }
    if let Some(help) = &diagnostic.help {
        out.push_str(&format!("# help: {help}\n"));
    }
    if let Some(fix) = &diagnostic.fix {
        out.push_str(&format!("# fix: {}\n", fix.title));
    }
    out
}

/// What every diagnostic must be.
fn well_formed(text: &str, diagnostic: &Diagnostic) -> Result<(), Failed> {
    let spans = std::iter::once(&diagnostic.primary).chain(&diagnostic.others).map(|label| label.span);
    for span in spans {
        if text.get(span.start as usize..span.end as usize).is_none() {
            return Err(format!("{diagnostic:?} points outside of the text").into());
        }
    }
    if diagnostic.message.chars().count() > 80 || diagnostic.message.ends_with('.') {
        return Err(format!("`{}` is too long or ends with a period", diagnostic.message).into());
    }
    Ok(())
}

/// A fix leaves fewer faults of its code and brings none of YAML's.
fn fix_cures(text: &str, project: &Project, diagnostic: &Diagnostic) -> Result<(), Failed> {
    let Some(fix) = &diagnostic.fix else { return Ok(()) };
    let count = |text: &str, code: &str| check(text, project).1.iter().filter(|found| found.code.0 == code).count();
    let fixed = applied(text, &fix.edits);
    let code = diagnostic.code.0.as_str();
    if count(&fixed, code) >= count(text, code) {
        return Err(format!("`{}` does not cure `{}`:\n{fixed}", fix.title, diagnostic.message).into());
    }
    let broken = codes::YAML_SYNTAX.number;
    if count(&fixed, broken) > count(text, broken) {
        return Err(format!("`{}` breaks the text:\n{fixed}", fix.title).into());
    }
    Ok(())
}

/// "Fix all" comes to rest, and leaves nothing that it could have cured.
fn every_cure_is_taken(text: &str, project: &Project) -> Result<(), Failed> {
    let fixed = dtc_lang::fix_all(text, project);
    let mut left = check(&fixed.text, project).1.into_iter();
    let curable = |found: &Diagnostic| found.fix.is_some() && found.severity != Severity::Note;
    match left.find(curable) {
        Some(left) => Err(format!("fixing all leaves {left:?} in\n{}", fixed.text).into()),
        None => Ok(()),
    }
}

fn applied(text: &str, edits: &[(Span, String)]) -> String {
    let mut out = text.to_owned();
    for (span, new) in edits.iter().rev() {
        out.replace_range(span.start as usize..span.end as usize, new);
    }
    out
}

fn every_code_has_a_case(files: &[PathBuf]) -> Result<(), Failed> {
    let mut seen = BTreeSet::new();
    let broken = yaml_files(&folder_of("breakages"));
    for path in files.iter().chain(&broken) {
        let text = std::fs::read_to_string(path)?;
        seen.extend(text.lines().filter_map(|line| Some(line.split_once("[DTC")?.1.get(..4)?.to_owned())));
    }
    let missing: Vec<&str> =
        codes::ALL.iter().map(|code| code.number).filter(|code| !seen.contains(&code[3..])).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("no case for {}", missing.join(", ")).into()) }
}

fn every_code_has_a_page() -> Result<(), Failed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/errors");
    let mut pages = BTreeSet::new();
    for entry in std::fs::read_dir(&folder)?.flatten() {
        pages.insert(entry.file_name().to_string_lossy().into_owned());
    }
    for code in codes::ALL {
        let name = format!("{}.md", code.number);
        let text = std::fs::read_to_string(folder.join(&name)).map_err(|error| format!("{name}: {error}"))?;
        let title = format!("# {}: {}\n", code.number, code.title);
        if !text.starts_with(&title) {
            return Err(format!("{name} does not start with {title}").into());
        }
        pages.remove(&name);
    }
    pages.remove("README.md");
    if pages.is_empty() { Ok(()) } else { Err(format!("pages without a code: {pages:?}").into()) }
}

/// Documents with the exit code of `blurr validate`.
fn verdict_trials() -> Vec<Trial> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/blurr/validate");
    let trial = |path: PathBuf| {
        Trial::test(format!("language::verdict::{}", stem(&path)), move || {
            let told = std::fs::read_to_string(path.with_extension("out.txt"))?;
            let accepted = told.starts_with("exit 0");
            let text = std::fs::read_to_string(&path)?;
            let (_, found) = check(&text, &Project { blurr: true, ..Project::default() });
            let verdict = dtc_lang::blurr_verdict(&text, found);
            let refused = verdict.iter().any(|found| found.severity == Severity::Error);
            if refused == accepted {
                return Err(format!("Blurr says\n{told}\nwe say {verdict:#?}").into());
            }
            verdict.iter().try_for_each(|found| well_formed(&text, found))
        })
    };
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "yml"));
    paths.sort();
    paths.into_iter().map(trial).collect()
}

/// Blurr's own documents, where they are at hand: what ran there has no errors here.
fn reference_trials() -> Vec<Trial> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/blurr");
    if !shared.is_dir() {
        println!("language: reference documents skipped, {} is not there", shared.display());
        return Vec::new();
    }
    let ours = ["tutorial1", "tutorial2", "tests-data", "nyse"];
    // Their ratio of games divides by zero when a game ends whose start was not seen.
    let doubtful = ["offer-ai-raw", "offer-ai-generated", "offer-ai-synthetic"];
    let blurrs = [
        "edge-window-1",
        "edge-window-2",
        "edge-window-3",
        "edge-window-5",
        "edge-window-7",
        "edge-window-8",
        "edge-window-14",
        "edge-activity-window",
        "edge-coercion",
        "edge-expr-errors",
        "edge-record-access",
        "edge-two-stores",
        "edge-when-twice-v1",
        "edge-when-twice-v2",
        "edge-when-twice-v3",
        "fbt-repaired",
        "seed-repaired-bts",
        "tests-data-2files",
        "tests-extended",
        "dtc-era-7127dda-tests-data",
        "dtc-era-fb7a29c-tests-data",
        "seed-repaired-dtc",
        "seed-repaired-datagroup",
    ];
    let good = |name: &'static str, blurr: bool, worst: Severity| {
        let folder = shared.join(name);
        let mode = if blurr { "blurr" } else { "ours" };
        Trial::test(format!("language::reference::{mode}::{name}"), move || good_documents(&folder, blurr, worst))
    };
    let strict = ours.iter().flat_map(|name| [good(name, false, Severity::Note), good(name, true, Severity::Note)]);
    let warned = doubtful.into_iter().map(|name| good(name, false, Severity::Warning));
    let loose = doubtful.iter().chain(&blurrs).map(|name| good(name, true, Severity::Warning));
    strict.chain(warned).chain(loose).collect()
}

fn good_documents(folder: &Path, blurr: bool, worst: Severity) -> Result<(), Failed> {
    let mut project = Project { blurr, ..Project::default() };
    for name in ["stream.yml", "window.yml"] {
        let Ok(text) = std::fs::read_to_string(folder.join(name)) else { continue };
        let (document, diagnostics) = check(&text, &project);
        if let Some(found) = diagnostics.iter().find(|found| found.severity < worst) {
            return Err(format!("{name}: {found:?}").into());
        }
        if let Some(Document::Streaming(streaming)) = document {
            project.streaming.push(streaming);
        }
    }
    Ok(())
}

pub fn yaml_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "yaml")).collect();
    files.sort();
    files
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}
