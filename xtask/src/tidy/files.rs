//! Files stay short enough to be read at once.

use super::{Fault, Source};

const MOST: usize = 700;
const GOOD: usize = 400;

pub fn check(source: &Source) -> Vec<Fault> {
    let lines = source.lines.len();
    if lines > MOST {
        vec![Fault::new(&source.path, format!("{lines} lines; split it, {MOST} is the most"))]
    } else {
        Vec::new()
    }
}

/// Files that should be split before they grow on.
pub fn long(sources: &[Source]) -> Vec<String> {
    let long = sources.iter().filter(|source| (GOOD + 1..=MOST).contains(&source.lines.len()));
    long.map(|source| format!("{} ({} lines, {GOOD} is good)", source.path, source.lines.len())).collect()
}

#[cfg(test)]
mod tests {
    use super::{Source, check, long};

    #[test]
    fn a_long_file_is_named_and_a_very_long_one_fails() {
        let of = |lines: usize| Source::new("a.rs", &"x\n".repeat(lines));
        assert!(check(&of(700)).is_empty());
        assert_eq!(check(&of(701)).len(), 1);
        assert!(long(&[of(400), of(701)]).is_empty());
        assert_eq!(long(&[of(401)]).len(), 1);
    }
}
