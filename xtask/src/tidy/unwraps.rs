//! Outside tests nothing may end the program: no `unwrap`, no `panic!`, no `todo!`.

use super::{Fault, Source};

const BANNED: [&str; 4] = [".unwrap()", "panic!(", "todo!(", "unimplemented!("];

pub fn check(source: &Source) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (number, line) in source.shipped() {
        let found = BANNED.iter().find(|word| line.contains(*word));
        faults.extend(found.map(|word| Fault::at(source, number, format!("`{word}` outside tests"))));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::{Source, check};

    #[test]
    fn fails_outside_tests_only() {
        let inside = "#[cfg(test)]\nmod tests {\n    fn a() { b().unwrap(); }\n}\n";
        assert!(check(&Source::new("crates/a/src/a.rs", inside)).is_empty());
        assert!(check(&Source::new("crates/a/src/a.rs", "// .unwrap()\nlet a = \".unwrap()\";\n")).is_empty());
        assert_eq!(check(&Source::new("crates/a/src/a.rs", "fn a() { b().unwrap(); }\n")).len(), 1);
    }
}
