//! libFuzzer's entry to `targets/expression.rs`.
#![no_main]

#[path = "../targets/expression.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| target::run(bytes));
