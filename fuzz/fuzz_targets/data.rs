//! libFuzzer's entry to `targets/data.rs`.
#![no_main]

#[path = "../targets/data.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| target::run(bytes));
