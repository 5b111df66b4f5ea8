//! The inputs that fuzzing has kept (`fuzz/corpus`), each given to its target once: what was mended
//! stays so.

use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};

#[path = "../../../fuzz/targets/data.rs"]
mod data;
#[path = "../../../fuzz/targets/expression.rs"]
mod expression;
#[path = "../../../fuzz/targets/yaml.rs"]
mod yaml;

type Target = fn(&[u8]);

const TARGETS: [(&str, Target); 3] = [("yaml", yaml::run), ("expression", expression::run), ("data", data::run)];

pub fn trials() -> Vec<Trial> {
    let trial = |(name, target): (&str, Target)| {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../fuzz/corpus/{name}.jsonl"));
        Trial::test(format!("fuzz::{name}"), move || replay(&corpus, target))
    };
    TARGETS.into_iter().map(trial).collect()
}

fn replay(corpus: &PathBuf, target: Target) -> Result<(), Failed> {
    let text = std::fs::read_to_string(corpus)?;
    for (number, line) in text.lines().enumerate() {
        let input: String = serde_json::from_str(line)?;
        let bytes: Vec<u8> = input.chars().map(|character| character as u32 as u8).collect();
        if std::panic::catch_unwind(|| target(&bytes)).is_err() {
            return Err(format!("{}:{} fails", corpus.display(), number + 1).into());
        }
    }
    Ok(())
}
