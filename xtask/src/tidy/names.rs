//! No file is named after nothing: such names collect what has no place.

use super::{Fault, Source};

const BANNED: [&str; 9] = ["util", "utils", "helper", "helpers", "manager", "managers", "misc", "common", "stuff"];

pub fn check(source: &Source) -> Vec<Fault> {
    let parts = source.path.split('/').flat_map(|part| part.trim_end_matches(".rs").split(['_', '-']));
    let banned = parts.filter(|part| BANNED.contains(part));
    banned.map(|part| Fault::new(&source.path, format!("`{part}` says nothing; name it after what it owns"))).collect()
}

#[cfg(test)]
mod tests {
    use super::{Source, check};

    #[test]
    fn an_empty_name_fails() {
        assert!(check(&Source::new("crates/studio/src/uploads.rs", "")).is_empty());
        assert_eq!(check(&Source::new("crates/studio/src/string_utils.rs", "")).len(), 1);
        assert_eq!(check(&Source::new("crates/helpers/src/lib.rs", "")).len(), 1);
    }
}
