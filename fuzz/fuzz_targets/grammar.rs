//! libFuzzer's entry to `targets/grammar.rs`.
#![no_main]

#[path = "../targets/grammar.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| target::run(bytes));
