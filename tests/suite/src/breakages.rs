//! Breakages: `breakages/NN_NAME.yaml` is a pipeline document with one deliberate fault, such as was tried on
//! templates. Each must be refused, by an error that names the place and the cure, before anything is exported.
//! The cases are annotated as language cases are; `UPDATE=1` rewrites them.

use std::path::Path;

use libtest_mimic::{Failed, Trial};

use crate::language::{annotated, compare_annotated, folder_of, trials_of, yaml_files};

/// As many as were tried on templates.
const TRIED: usize = 40;

pub fn trials() -> Vec<Trial> {
    let mut trials = trials_of("breakages", case);
    trials.push(Trial::test("breakages::all_are_tried", || {
        let files = yaml_files(&folder_of("breakages"));
        match files.len() {
            TRIED => Ok(()),
            other => Err(format!("{other} cases, {TRIED} are wanted").into()),
        }
    }));
    trials
}

fn case(path: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(path)?;
    let found = annotated(&text)?;
    compare_annotated(path, &text, found.clone())?;
    let lines: Vec<&str> = found.lines().collect();
    let errors = lines.iter().enumerate().filter(|(_, line)| line.starts_with("# error["));
    let mut count = 0;
    for (at, line) in errors {
        count += 1;
        let told = lines[at + 1..].iter().take_while(|line| !line.starts_with("# error["));
        if !told.clone().any(|line| line.starts_with("# help: ")) {
            return Err(format!("no cure is told for {line}").into());
        }
    }
    if count == 0 { Err("nothing is refused".into()) } else { Ok(()) }
}
