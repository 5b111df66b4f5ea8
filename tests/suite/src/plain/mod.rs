//! The engine against an interpreter that is plainly right (`plain/interpreter.py`): the same records, rows, dropped
//! rows and failures, for every case of `runs/` and for random projects.
//!
//! `PROPTEST_CASES` asks for more projects, `PLAIN_SEED` for others. A difference is printed as files of a case.

mod case;
mod documents;
mod generate;
mod interpreter;
mod sameness;

use std::cell::RefCell;
use std::path::Path;

use libtest_mimic::{Failed, Trial};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde_json::Value as Json;

use crate::runs::{cases, folder};
pub use case::Case;
use generate::Times;
use interpreter::Interpreter;

/// Random projects in a run of CI.
const PROJECTS: u32 = 120;

/// What holds for a case.
type Property = fn(&Case) -> Result<(), Failed>;

pub fn trials() -> Vec<Trial> {
    let plain = |(name, path): (String, std::path::PathBuf)| {
        Trial::test(format!("plain::{name}"), move || {
            let case = Case::read(&path)?;
            agrees(&case, &mut Interpreter::start()?).map(drop)
        })
    };
    let mut trials: Vec<Trial> = cases(&folder("runs")).into_iter().map(plain).collect();
    trials.push(Trial::test("plain::random_projects", random_projects));
    let same: [(&str, Times, Property); 5] = [
        ("reading", Times::Any, sameness::reading_changes_nothing),
        ("threads", Times::Any, sameness::threads_change_nothing),
        ("order_of_files", Times::Distinct, sameness::order_of_files_changes_nothing),
        ("batches", Times::Any, sameness::batches_change_nothing),
        ("spilled", Times::Any, sameness::spilling_changes_nothing),
    ];
    let same = same.map(|(name, times, property)| {
        Trial::test(format!("plain::{name}"), move || for_projects(times, property).map(drop))
    });
    trials.extend(same);
    trials
}

fn random_projects() -> Result<(), Failed> {
    let interpreter = RefCell::new(Interpreter::start()?);
    let sound = RefCell::new(0_u32);
    let asked = for_projects(Times::Any, |case| {
        let compared = agrees(case, &mut interpreter.borrow_mut())?;
        *sound.borrow_mut() += u32::from(compared);
        Ok(())
    })?;
    // A check that refuses what the generator writes would make this test compare nothing.
    let sound = sound.into_inner();
    if sound < asked / 2 { Err(format!("only {sound} of {asked} projects are valid").into()) } else { Ok(()) }
}

/// Runs a property over random projects; the smallest that fails is the error, as files.
fn for_projects(times: Times, property: impl Fn(&Case) -> Result<(), Failed>) -> Result<u32, Failed> {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u32>().ok());
    let cases = number("PROPTEST_CASES").unwrap_or(PROJECTS);
    let mut seed = [0; 32];
    seed[..4].copy_from_slice(&number("PLAIN_SEED").unwrap_or_default().to_le_bytes());
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 4_000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let projects = generate::projects().prop_map(move |genes| genes.case(times));
    let outcome = runner.run(&projects, |case| {
        property(&case).map_err(|failed| TestCaseError::fail(failed.message().unwrap_or_default().to_owned()))
    });
    match outcome {
        Ok(()) => Ok(cases),
        Err(proptest::test_runner::TestError::Fail(reason, case)) => Err(shown(&case, reason.message()).into()),
        Err(error) => Err(error.to_string().into()),
    }
}

/// Random projects that are valid and run to their end, the same ones each time.
pub fn some_projects(count: usize) -> Result<Vec<Case>, Failed> {
    let mut runner = TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let projects = generate::projects();
    let mut found = Vec::new();
    while found.len() < count {
        let tree = projects.new_tree(&mut runner).map_err(|reason| reason.message().to_owned())?;
        let case = tree.current().case(Times::Any);
        found.extend(sameness::runs(&case)?.then_some(case));
    }
    Ok(found)
}

/// The failing project as the files of a case; written to `PLAIN_SAVE` too where that is set.
fn shown(case: &Case, reason: &str) -> String {
    if let Some(folder) = std::env::var_os("PLAIN_SAVE") {
        let saved = std::fs::create_dir_all(&folder).map_err(Failed::from).and_then(|()| case.save(Path::new(&folder)));
        if let Err(failed) = saved {
            return format!("{failed:?}");
        }
    }
    let mut text = format!("{reason}\n── streaming.yaml\n{}", case.streaming);
    if let Some(window) = &case.window {
        text += &format!("── window.yaml\n{window}");
    }
    for (number, file) in case.files.iter().enumerate() {
        text += &format!("── events.{}.jsonl\n{file}", number + 1);
    }
    text
}

/// Whether both give the same; false where the documents have errors, so that nothing can be compared.
fn agrees(case: &Case, interpreter: &mut Interpreter) -> Result<bool, Failed> {
    let Some(request) = case.request() else { return Ok(false) };
    let wanted = interpreter.ask(&request)?;
    let folder = tempfile::tempdir()?;
    let mut found = case.save(folder.path())?.answer()?;
    if request["window"]["max_per"] == "run" {
        // Which anchors are not even tried once the run has its rows is not told by the language.
        found["dropped"] = wanted["dropped"].clone();
        found["window_faults"] = wanted["window_faults"].clone();
    }
    differences(&wanted, &found)?;
    Ok(true)
}

fn differences(wanted: &Json, found: &Json) -> Result<(), Failed> {
    for (part, wanted) in wanted.as_object().into_iter().flatten() {
        let found = &found[part];
        if let (Json::Array(wanted), Json::Array(found)) = (wanted, found) {
            let first = (0..wanted.len().max(found.len())).find(|place| wanted.get(*place) != found.get(*place));
            if let Some(place) = first {
                let line = |lines: &[Json]| lines.get(place).and_then(Json::as_str).unwrap_or("(end)").to_owned();
                return Err(format!("{part} {}\n  plain  {}\n  engine {}", place + 1, line(wanted), line(found)).into());
            }
        } else if wanted != found {
            return Err(format!("{part}\n  plain  {wanted}\n  engine {found}").into());
        }
    }
    Ok(())
}
