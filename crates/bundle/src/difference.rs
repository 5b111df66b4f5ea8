//! Which lines two texts differ in, as the hunks of a unified diff. Refuses to guess what a change means.

/// Kept lines around a change.
const CONTEXT: usize = 3;
/// Edits that are searched for one by one; texts that differ in more are shown as one change.
const MOST_EDITS: usize = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Kept,
    Removed,
    Added,
}

/// Changed lines, as text and counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Difference {
    /// Hunks as `diff -u` writes them, each headed `@@ -LINE,COUNT +LINE,COUNT @@`. Empty: the texts are equal.
    pub hunks: String,
    pub added: usize,
    pub removed: usize,
}

/// What makes `new` out of `old`.
pub fn difference(old: &str, new: &str) -> Difference {
    let (before, after): (Vec<&str>, Vec<&str>) = (lines(old), lines(new));
    let steps = steps(&before, &after);
    let count = |wanted| steps.iter().filter(|step| **step == wanted).count();
    Difference { added: count(Step::Added), removed: count(Step::Removed), hunks: hunks(&before, &after, &steps) }
}

/// A text that does not end its last line differs from one that does.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn steps(before: &[&str], after: &[&str]) -> Vec<Step> {
    let head = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    let (old, new) = (&before[head..], &after[head..]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    let (old, new) = (&old[..old.len() - tail], &new[..new.len() - tail]);
    let mut steps = vec![Step::Kept; head];
    steps.extend(shortest(old, new).unwrap_or_else(|| {
        let removed = std::iter::repeat_n(Step::Removed, old.len());
        removed.chain(std::iter::repeat_n(Step::Added, new.len())).collect()
    }));
    steps.extend(std::iter::repeat_n(Step::Kept, tail));
    steps
}

/// The fewest edits, by Myers' greedy search; `None` where there are too many of them.
fn shortest(old: &[&str], new: &[&str]) -> Option<Vec<Step>> {
    let most = (old.len() + new.len()).min(MOST_EDITS);
    // The furthest place in `old` on each diagonal, for each number of edits; diagonal 0 is in the middle.
    let middle = most + 1;
    let mut furthest = vec![0_usize; 2 * middle + 1];
    let mut past: Vec<Vec<usize>> = Vec::new();
    for edits in 0..=most {
        // What the way back looks at: one diagonal more than was reached on each side.
        past.push(furthest[middle - edits - 1..=middle + edits + 1].to_vec());
        for diagonal in (0..=edits).map(|step| middle - edits + 2 * step) {
            let down = diagonal == middle - edits
                || (diagonal != middle + edits && furthest[diagonal - 1] < furthest[diagonal + 1]);
            let mut at = if down { furthest[diagonal + 1] } else { furthest[diagonal - 1] + 1 };
            let mut there = (at + middle).wrapping_sub(diagonal);
            while at < old.len() && there < new.len() && old[at] == new[there] {
                (at, there) = (at + 1, there + 1);
            }
            furthest[diagonal] = at;
            if at >= old.len() && there >= new.len() {
                return Some(way_back(&past, middle, (old.len(), new.len())));
            }
        }
    }
    None
}

fn way_back(past: &[Vec<usize>], middle: usize, (mut at, mut there): (usize, usize)) -> Vec<Step> {
    let mut steps = Vec::new();
    for (edits, reached) in past.iter().enumerate().rev() {
        let diagonal = at + middle - there;
        let of = |diagonal: usize| reached[diagonal + edits + 1 - middle];
        let down = diagonal == middle - edits || (diagonal != middle + edits && of(diagonal - 1) < of(diagonal + 1));
        let before = if down { diagonal + 1 } else { diagonal - 1 };
        let (from, from_there) = if edits == 0 { (0, 0) } else { (of(before), of(before) + middle - before) };
        while at > from && there > from_there {
            steps.push(Step::Kept);
            (at, there) = (at - 1, there - 1);
        }
        if edits > 0 {
            steps.push(if down { Step::Added } else { Step::Removed });
            (at, there) = (from, from_there);
        }
    }
    steps.reverse();
    steps
}

fn hunks(before: &[&str], after: &[&str], steps: &[Step]) -> String {
    let changed: Vec<usize> =
        steps.iter().enumerate().filter(|(_, step)| **step != Step::Kept).map(|(at, _)| at).collect();
    let mut out = String::new();
    let (mut old, mut new, mut at) = (0, 0, 0);
    let mut next = 0;
    while next < changed.len() {
        let from = changed[next].saturating_sub(CONTEXT).max(at);
        let mut last = changed[next];
        while next < changed.len() && changed[next] <= last + 2 * CONTEXT {
            last = changed[next];
            next += 1;
        }
        let to = (last + CONTEXT + 1).min(steps.len());
        // Between hunks both texts go on alike.
        (old, new) = (old + from - at, new + from - at);
        let part = &steps[from..to];
        let count = |other| part.iter().filter(|step| **step != other).count();
        let (olds, news) = (count(Step::Added), count(Step::Removed));
        out.push_str(&format!("@@ -{},{olds} +{},{news} @@\n", old + 1, new + 1));
        for step in part {
            let (sign, line) = match step {
                Step::Kept => (' ', before[old]),
                Step::Removed => ('-', before[old]),
                Step::Added => ('+', after[new]),
            };
            out.push(sign);
            out.push_str(line.trim_end_matches('\n'));
            out.push('\n');
            if !line.ends_with('\n') {
                out.push_str("\\ No newline at end of file\n");
            }
            old += usize::from(*step != Step::Added);
            new += usize::from(*step != Step::Removed);
        }
        at = to;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hunks_are_those_of_a_unified_diff() {
        let old: String = (1..=20).map(|n| format!("line {n}\n")).collect();
        let new = old.replace("line 3\n", "line three\n").replace("line 18\n", "");
        let found = difference(&old, &new);
        assert_eq!((found.added, found.removed), (1, 2));
        let wanted = "@@ -1,6 +1,6 @@\n line 1\n line 2\n-line 3\n+line three\n line 4\n line 5\n line 6\n\
                      @@ -15,6 +15,5 @@\n line 15\n line 16\n line 17\n-line 18\n line 19\n line 20\n";
        assert_eq!(found.hunks, wanted);
    }

    #[test]
    fn equal_texts_and_empty_ones() {
        assert_eq!(difference("a\nb\n", "a\nb\n"), Difference::default());
        assert_eq!(difference("", "").hunks, "");
        assert_eq!(difference("", "a\n").hunks, "@@ -1,0 +1,1 @@\n+a\n");
        assert_eq!(difference("a", "a\n").hunks, "@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n");
    }

    /// Any two texts of few different lines: the steps make one out of the other, and are the fewest there are.
    #[test]
    fn steps_make_the_new_text_and_are_the_fewest() {
        let mut seed = 7_u64;
        let mut random = move |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        let words = ["a\n", "b\n", "c\n"];
        for _ in 0..2_000 {
            let mut text = |most| (0..random(most)).map(|_| words[random(3) as usize]).collect::<Vec<_>>();
            let (old, new) = (text(12), text(12));
            let steps = steps(&old, &new);
            let (mut at, mut made) = (0, Vec::new());
            let mut fresh = new.iter();
            for step in &steps {
                match step {
                    Step::Kept => {
                        made.push(old[at]);
                        at += 1;
                        fresh.next();
                    }
                    Step::Removed => at += 1,
                    Step::Added => made.push(fresh.next().copied().unwrap_or_default()),
                }
            }
            assert_eq!((at, &made), (old.len(), &new));
            let kept = steps.iter().filter(|step| **step == Step::Kept).count();
            assert_eq!(kept, longest_common(&old, &new), "{old:?} {new:?}");
        }
    }

    fn longest_common(a: &[&str], b: &[&str]) -> usize {
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..a.len() {
            for j in 0..b.len() {
                table[i + 1][j + 1] = if a[i] == b[j] { table[i][j] + 1 } else { table[i][j + 1].max(table[i + 1][j]) };
            }
        }
        table[a.len()][b.len()]
    }

    #[test]
    fn texts_that_differ_everywhere_are_one_change() {
        let old: String = (0..3_000).map(|n| format!("{n}\n")).collect();
        let new: String = (0..3_000).map(|n| format!("x{n}\n")).collect();
        let found = difference(&old, &new);
        assert_eq!((found.added, found.removed), (3_000, 3_000));
    }
}
