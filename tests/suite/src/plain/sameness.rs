//! What must not change a result: the number of threads, the order of files, a break between batches.

use dtc_engine::{Cancel, Events, Output, Silent};
use dtc_io::{Format, write_tables};
use libtest_mimic::Failed;
use serde_json::json;

use super::case::{Case, Saved};
use crate::batches;
use crate::runs::{Job, lines};
use crate::spilled;

/// The bytes of the written tables and the printed lines are those of one thread.
pub fn threads_change_nothing(case: &Case) -> Result<(), Failed> {
    let Some((_folder, saved)) = saved(case)? else { return Ok(()) };
    let plan = saved.job().plan()?;
    let written = |threads: usize| -> Result<Vec<Vec<u8>>, Failed> {
        let result = Job { threads, ..saved.job() }.run()?;
        let mut written = tables(&result.output, &plan)?;
        written.push(result.lines.into_bytes());
        written.push(format!("{:?}", result.output.faults).into_bytes());
        Ok(written)
    };
    let one = written(1)?;
    for threads in [2, 8] {
        if written(threads)? != one {
            return Err(format!("{threads} threads give other bytes than one").into());
        }
    }
    Ok(())
}

fn tables(output: &Output, plan: &dtc_engine::Plan) -> Result<Vec<Vec<u8>>, Failed> {
    let tables: Vec<_> = output.tables(plan).into_iter().map(|(_, table)| table).collect();
    let folder = tempfile::tempdir()?;
    let files = write_tables(folder.path(), &tables, Format::JsonLines)?;
    files.iter().map(|file| Ok(std::fs::read(file)?)).collect()
}

/// Events read straight into rows give what events that come one by one give.
pub fn reading_changes_nothing(case: &Case) -> Result<(), Failed> {
    let Some((_folder, saved)) = saved(case)? else { return Ok(()) };
    let job = saved.job();
    let plan = job.plan()?;
    let events = Events::of(&plan, &job.events(&plan)?);
    let output = dtc_engine::run(&plan, &events, 1, &Cancel::default(), &Silent);
    let output = output.map_err(|stopped| format!("{stopped:?}"))?;
    let read = job.run()?;
    if lines(&output, &plan)? != read.lines || output.faults != read.output.faults {
        let (lines, faults) = (lines(&output, &plan)?, output.faults);
        return Err(format!("one by one\n{lines}{faults:?}\nin rows\n{}{:?}", read.lines, read.output.faults).into());
    }
    Ok(())
}

/// Each identity keeps its lines. Only events of the same time, repeated ids and a limit per run know an order of
/// arrival; the case must have none of them.
pub fn order_of_files_changes_nothing(case: &Case) -> Result<(), Failed> {
    let Some((_folder, saved)) = saved(case)? else { return Ok(()) };
    let mut data = saved.data.clone();
    let found = by_identity(&saved.job().run()?.lines)?;
    for _ in 1..data.len() {
        data.rotate_left(1);
        let again = by_identity(&Job { data: &data, ..saved.job() }.run()?.lines)?;
        if again != found {
            return Err(format!("another order of files\n  gives   {again:?}\n  not     {found:?}").into());
        }
    }
    Ok(())
}

/// Lines by identity, in their order within each.
fn by_identity(lines: &str) -> Result<Vec<(String, String)>, Failed> {
    let mut found = Vec::new();
    for line in lines.lines() {
        let json: serde_json::Value = serde_json::from_str(&line.replace("NaN", "null").replace("Infinity", "null"))?;
        let key = json[0].as_str().unwrap_or_default();
        found.push((key.split('/').next().unwrap_or_default().to_owned(), line.to_owned()));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(found)
}

/// What is held after batches is what one run gives.
pub fn batches_change_nothing(case: &Case) -> Result<(), Failed> {
    let Some((_folder, saved)) = saved(case)? else { return Ok(()) };
    let job = saved.job();
    let plan = job.plan()?;
    let events = job.events(&plan)?;
    batches::change_nothing(&plan, &events)?;
    // A document without windows forgets more between two batches.
    let job = Job { window: None, ..job };
    let plan = job.plan()?;
    batches::change_nothing(&plan, &job.events(&plan)?)
}

/// Events and rows that go aside give what they give in memory, failures that end the run too.
pub fn spilling_changes_nothing(case: &Case) -> Result<(), Failed> {
    if !case.is_sound() {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let saved = case.save(folder.path())?;
    spilled::changes_nothing(&saved.job(), &[(1, 2, 1, 2), (4, 1, 500, 1)], &[Format::JsonLines])
}

/// Whether there is anything to compare.
pub fn runs(case: &Case) -> Result<bool, Failed> {
    saved(case).map(|saved| saved.is_some())
}

/// `None` where a document has errors, or Blurr would end the run.
fn saved(case: &Case) -> Result<Option<(tempfile::TempDir, Saved)>, Failed> {
    if !case.is_sound() {
        return Ok(None);
    }
    let folder = tempfile::tempdir()?;
    let saved = case.save(folder.path())?;
    let aborts = saved.answer()? == json!({ "aborted": true });
    Ok((!aborts).then_some((folder, saved)))
}
