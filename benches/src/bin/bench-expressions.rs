//! `bench-expressions WHAT [--evaluations N]`: evaluates `a + 1` with a condition over and over, on one thread:
//! as a field of a document is worked out (`field`: `When`, `Value`, its type, its slot), as one expression
//! (`expression`), and as rhai's (`rhai`). Prints `evaluations N` and `seconds S`.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use benches::arguments::Arguments;
use dtc_expr::{FieldType, Frame, GroupId, Mode, Program, Scope, Value, compile};
use rhai::{Engine, OptimizationLevel};

const CONDITION: &str = "counts.b > 0";
const VALUE: &str = "counts.a + 1";
const EXPRESSION: &str = "counts.a + 1 if counts.b > 0 else counts.a";

fn main() -> Result<()> {
    let mut arguments = Arguments::from_env();
    let evaluations: u64 = arguments.option("--evaluations")?.unwrap_or(10_000_000);
    let what = arguments.word("what is to be evaluated")?;
    arguments.done()?;
    let seconds = match what.as_str() {
        "field" => field(evaluations)?,
        "expression" => expression(evaluations)?,
        "rhai" => rhai(evaluations)?,
        _ => bail!("there is no `{what}` here"),
    };
    println!("evaluations {evaluations}\nseconds {seconds:.6}");
    Ok(())
}

fn field(evaluations: u64) -> Result<f64> {
    let (condition, value) = (program(CONDITION)?, program(VALUE)?);
    let mut frame = frame();
    let start = Instant::now();
    for _ in 0..evaluations {
        let frame = black_box(&mut frame);
        if condition.truth(frame)? {
            let value = value.eval(frame)?;
            let cast = FieldType::Integer.cast(value, Mode::Studio);
            frame.groups[0][0] = cast.map_err(|reason| anyhow::anyhow!("{reason:?}"))?;
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    check(&frame, evaluations)?;
    Ok(seconds)
}

fn expression(evaluations: u64) -> Result<f64> {
    let program = program(EXPRESSION)?;
    let mut frame = frame();
    let start = Instant::now();
    for _ in 0..evaluations {
        let frame = black_box(&mut frame);
        frame.groups[0][0] = program.eval(frame)?;
    }
    let seconds = start.elapsed().as_secs_f64();
    check(&frame, evaluations)?;
    Ok(seconds)
}

fn rhai(evaluations: u64) -> Result<f64> {
    let mut engine = Engine::new();
    engine.set_optimization_level(OptimizationLevel::Full);
    let code = engine.compile_expression("if b > 0 { a + 1 } else { a }").context("the script")?;
    let mut scope = rhai::Scope::new();
    scope.push("a", 0_i64).push("b", 1_i64);
    let start = Instant::now();
    for _ in 0..evaluations {
        let next: i64 =
            engine.eval_ast_with_scope(black_box(&mut scope), &code).map_err(|error| anyhow::anyhow!("{error}"))?;
        scope.set_value("a", next);
    }
    let seconds = start.elapsed().as_secs_f64();
    let last: i64 = scope.get_value("a").context("no value of a")?;
    if last.unsigned_abs() != evaluations {
        bail!("{last} after {evaluations} evaluations");
    }
    Ok(seconds)
}

/// An aggregate `counts` with two integers, `a` and `b`.
fn program(text: &str) -> Result<Program> {
    let mut scope = Scope::new();
    scope.add_group(
        "counts",
        GroupId(0),
        &[(Arc::from("a"), FieldType::Integer), (Arc::from("b"), FieldType::Integer)],
    );
    compile(text, &scope).map_err(|errors| anyhow::anyhow!("{text}: {errors:?}"))
}

fn frame() -> Frame {
    Frame { groups: vec![vec![Value::Int(0), Value::Int(1)]], ..Frame::default() }
}

fn check(frame: &Frame, evaluations: u64) -> Result<()> {
    match frame.groups[0][0] {
        Value::Int(last) if last.unsigned_abs() == evaluations => Ok(()),
        ref other => bail!("{} after {evaluations} evaluations", other.repr()),
    }
}
