//! Layout cases: `layout/NAME.yaml` is a text, then `# ==== laid out` and what becomes of it. `UPDATE=1`
//! rewrites the second part. Every document of the suite, the templates and Blurr's keeps its meaning and comes
//! to rest.

use std::path::{Path, PathBuf};

use dtc_lang::{Project, check, format, yaml};
use libtest_mimic::{Failed, Trial};

use crate::language::{compare_annotated, trials_of, yaml_files};

const RESULT: &str = "# ==== laid out\n";

pub fn trials() -> Vec<Trial> {
    let mut trials = trials_of("layout", case);
    trials.push(Trial::test("layout::known_documents_keep_their_meaning", known_documents));
    trials
}

fn case(path: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(path)?;
    let given = text.split(RESULT).next().unwrap_or_default();
    let found = match format(given) {
        Ok(found) => found,
        Err(problems) => {
            problems.iter().map(|problem| format!("# {}: {}\n", problem.code.0, problem.message)).collect()
        }
    };
    compare_annotated(path, &text, format!("{given}{RESULT}{found}"))
}

fn known_documents() -> Result<(), Failed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut paths: Vec<PathBuf> =
        ["tests/suite/language", "tests/suite/layout", "dtc-templates/offer-ai", "dtc-templates/bandit-join"]
            .iter()
            .flat_map(|folder| yaml_files(&root.join(folder)))
            .collect();
    below(&root.join("../shared/data/blurr"), &mut paths);
    assert!(paths.len() > 50);
    for path in paths {
        let text = std::fs::read_to_string(&path)?;
        let Ok(once) = format(&text) else { continue };
        let again = format(&once).map_err(|_| format!("{}: cannot be read any more", path.display()))?;
        if once != again {
            return Err(format!("{}: never rests\n{once}\n----\n{again}", path.display()).into());
        }
        if words(&text) != words(&once) {
            return Err(format!("{}: words were lost\n{once}", path.display()).into());
        }
        let codes = |text: &str| -> Vec<String> {
            let mut codes: Vec<String> =
                check(text, &Project::default()).1.into_iter().map(|found| found.code.0).collect();
            codes.sort();
            codes
        };
        if codes(&text) != codes(&once) {
            return Err(format!("{}: other problems than before", path.display()).into());
        }
        assert!(yaml::parse(&once).0.is_some());
    }
    Ok(())
}

/// Blurr's own documents, where they are at hand.
fn below(folder: &Path, paths: &mut Vec<PathBuf>) {
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            below(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml") {
            paths.push(path);
        }
    }
}

/// Everything but blanks, comments too.
fn words(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}
