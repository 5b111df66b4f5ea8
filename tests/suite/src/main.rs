//! The file-driven suite: one harness per kind, one case per file or folder beside it.
//! `UPDATE=1` rewrites expectations of our own cases; those under `../shared` are never written.

mod attribution_cases;
mod bandit_cases;
mod bundles;
mod language;
mod reference;
mod runs;

fn main() {
    let arguments = libtest_mimic::Arguments::from_args();
    let mut trials = language::trials();
    trials.extend(runs::trials());
    trials.extend(reference::trials());
    trials.extend(attribution_cases::trials());
    trials.extend(bandit_cases::trials());
    trials.extend(bundles::trials());
    libtest_mimic::run(&arguments, trials).exit();
}
