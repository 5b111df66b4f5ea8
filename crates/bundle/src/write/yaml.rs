//! Block YAML that every reader of templates reads alike. `serde_yaml` writes by YAML 1.2's core types;
//! PyYAML (SAM, awscli) reads by 1.1, where `on`, `2012-10-17` and `1:30` are no text: such texts are quoted.

use serde_yaml::Value;

/// The value as block YAML, in the order of its mappings.
pub fn to_yaml(value: &Value) -> String {
    let plain = serde_yaml::to_string(value).expect("mappings of texts, numbers and lists are YAML");
    let mut out = String::with_capacity(plain.len() + plain.len() / 8);
    let mut literal: Option<usize> = None;
    for line in plain.lines() {
        let indent = line.len() - line.trim_start().len();
        if literal.is_some_and(|outer| indent > outer || line.is_empty()) {
            out.push_str(line);
        } else {
            literal = line.ends_with(['|', '>']).then_some(indent).or_else(|| {
                let chomped =
                    line.ends_with("|-") || line.ends_with("|+") || line.ends_with(">-") || line.ends_with(">+");
                chomped.then_some(indent)
            });
            push_line(&mut out, line);
        }
        out.push('\n');
    }
    out
}

/// One line with its scalar quoted where that is needed.
fn push_line(out: &mut String, line: &str) {
    let start = scalar_start(line);
    let (head, scalar) = line.split_at(start);
    out.push_str(head);
    if misread(scalar) {
        out.push('\'');
        out.push_str(scalar);
        out.push('\'');
    } else {
        out.push_str(scalar);
    }
}

/// Where the line's value begins: behind dashes and a key.
fn scalar_start(line: &str) -> usize {
    let mut at = line.len() - line.trim_start().len();
    while line[at..].starts_with("- ") {
        at += 2;
    }
    if line[at..].starts_with(['\'', '"']) {
        return at;
    }
    line[at..].find(": ").map_or(at, |colon| at + colon + 2)
}

/// Whether YAML 1.1 reads this plain text as something else, though `serde_yaml` meant a text. Numbers,
/// true, false and null are never texts here: those it quotes itself.
fn misread(scalar: &str) -> bool {
    let lower = scalar.to_ascii_lowercase();
    if matches!(lower.as_str(), "y" | "n" | "yes" | "no" | "on" | "off" | "=" | "<<") {
        return true;
    }
    let Some(first) = scalar.bytes().next() else { return false };
    if !(first.is_ascii_digit() || b"+-.".contains(&first)) || scalar.parse::<f64>().is_ok() {
        return false;
    }
    // Dates, times, sexagesimal numbers, numbers with underscores.
    scalar.bytes().any(|byte| byte.is_ascii_digit())
        && scalar.bytes().all(|byte| byte.is_ascii_hexdigit() || b":-_.+ tTzZxo".contains(&byte))
}

#[cfg(test)]
mod tests {
    use serde_yaml::Mapping;

    use super::*;

    fn written(text: &str) -> String {
        let mut mapping = Mapping::new();
        mapping.insert(Value::from("k"), Value::from(text));
        to_yaml(&Value::Mapping(mapping))
    }

    #[test]
    fn texts_that_yaml_1_1_misreads_are_quoted() {
        for text in [
            "2012-10-17",
            "yes",
            "Off",
            "1:30",
            "1_000",
            "12",
            "true",
            "null",
            "0x1f",
            "1e3",
            "~",
            "2001-12-14t21:59:43.10-05:00",
        ] {
            assert_eq!(written(text), format!("k: '{text}'\n"));
        }
    }

    #[test]
    fn other_texts_and_numbers_stay_plain() {
        for text in ["arn:aws:s3:::x", "s3:*Object", "a b", "11px", "-x", "0 3 ? *"] {
            assert_eq!(written(text), format!("k: {text}\n"));
        }
        let numbers: Value = serde_yaml::from_str("a: 1\nb: 1.5\nc: true\nd:\n- x\n").unwrap();
        assert_eq!(to_yaml(&numbers), "a: 1\nb: 1.5\nc: true\nd:\n- x\n");
    }

    #[test]
    fn blocks_of_text_are_left_alone() {
        let text = "first\nyes\n2012-10-17\n";
        let back: Value = serde_yaml::from_str(&written(text)).unwrap();
        assert_eq!(back["k"], Value::from(text));
        assert_eq!(written(text), "k: |\n  first\n  yes\n  2012-10-17\n");
    }
}
