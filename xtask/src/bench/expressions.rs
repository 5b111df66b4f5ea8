//! `a + 1` with a condition: ours as a document's field and as one expression, rhai, and CPython's `eval` of a
//! code object, which is how Blurr does it.

use anyhow::Result;

use super::engine::Reach;
use super::measure::{Measured, alternate};
use super::programs::Programs;

const WAYS: [(&str, &str, u64); 4] = [
    ("field", "ours: a field, `When: b > 0`, `Value: a + 1`, cast to its type and stored", 20_000_000),
    ("expression", "ours: `a + 1 if b > 0 else a`, stored", 20_000_000),
    ("rhai", "rhai 1.27: `if b > 0 { a + 1 } else { a }`, compiled, stored", 5_000_000),
    ("cpython", "CPython: `eval` of the code object of `a + 1 if b > 0 else a`, stored", 5_000_000),
];

pub fn measure(programs: &Programs, runs: usize) -> Result<(Vec<Reach>, String)> {
    let measured: Vec<Measured> =
        WAYS.iter().map(|(way, _, evaluations)| programs.evaluations(way, *evaluations)).collect();
    let figures = alternate(programs.project, runs, &measured)?;
    let rates: Vec<f64> = WAYS
        .iter()
        .zip(&figures)
        .map(|((_, _, evaluations), figures)| *evaluations as f64 / figures.processor)
        .collect();
    let mut text = String::from("| | million a second and core | × ours, a field |\n|---|---|---|\n");
    for ((_, what, _), rate) in WAYS.iter().zip(&rates) {
        text += &format!("| {what} | {:.1} | {:.2} |\n", rate / 1e6, rate / rates[0]);
    }
    text += "\nBy processor time.\n";
    let reach = Reach {
        what: "at least 20 million evaluations a second and core of `a + 1` with a condition",
        measured: format!("{:.1} million as a field, {:.1} million as one expression", rates[0] / 1e6, rates[1] / 1e6),
        met: rates[0] >= 20e6,
    };
    Ok((vec![reach], text))
}
