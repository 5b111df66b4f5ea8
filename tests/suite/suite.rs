//! The file-driven suite: one harness per kind, one case per file or folder beside it.
//! `UPDATE=1` rewrites expectations of our own cases; those under `../shared` are never written.

#[path = "src/attribution_cases.rs"]
mod attribution_cases;
#[path = "src/bandit_cases.rs"]
mod bandit_cases;
#[path = "src/bandit_logs.rs"]
mod bandit_logs;
#[path = "src/bandit_values.rs"]
mod bandit_values;
#[path = "src/batches.rs"]
mod batches;
#[path = "src/breakages.rs"]
mod breakages;
#[path = "src/bundles.rs"]
mod bundles;
#[path = "src/editor.rs"]
mod editor;
#[path = "src/explained.rs"]
mod explained;
#[path = "src/fuzz_corpus.rs"]
mod fuzz_corpus;
#[path = "src/in_wasm.rs"]
mod in_wasm;
#[path = "src/inputs.rs"]
mod inputs;
#[path = "src/language.rs"]
mod language;
#[path = "src/layout.rs"]
mod layout;
#[path = "src/live.rs"]
mod live;
#[path = "src/moto.rs"]
mod moto;
#[path = "src/navigate.rs"]
mod navigate;
#[path = "src/outputs.rs"]
mod outputs;
#[path = "src/plain/mod.rs"]
mod plain;
#[path = "src/reference.rs"]
mod reference;
#[path = "src/runs.rs"]
mod runs;
#[path = "src/seed.rs"]
mod seed;
#[path = "src/spilled.rs"]
mod spilled;
#[path = "src/stores.rs"]
mod stores;
#[path = "src/with_data.rs"]
mod with_data;

fn main() {
    let arguments = libtest_mimic::Arguments::from_args();
    let mut trials = language::trials();
    trials.extend(breakages::trials());
    trials.extend(with_data::trials());
    trials.extend(editor::trials());
    trials.extend(navigate::trials());
    trials.extend(layout::trials());
    trials.extend(seed::trials());
    trials.extend(runs::trials());
    trials.extend(live::trials());
    trials.extend(spilled::trials());
    trials.extend(stores::trials());
    trials.extend(inputs::trials());
    trials.extend(outputs::trials());
    trials.extend(plain::trials());
    trials.extend(in_wasm::trials());
    trials.extend(reference::trials());
    trials.extend(attribution_cases::trials());
    trials.extend(bandit_cases::trials());
    trials.extend(bandit_logs::trials());
    trials.extend(bandit_values::trials());
    trials.extend(bundles::trials());
    trials.extend(fuzz_corpus::trials());
    libtest_mimic::run(&arguments, trials).exit();
}
