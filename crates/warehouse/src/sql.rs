//! Names and values as SQL text, and the table of scores.

use crate::scores::{NUMBERS, TEXTS};

/// A name in double quotes, so that it is taken as it is written.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// `name`, or `schema.name` where the user wrote a dot or the place has a schema.
pub(crate) fn table(schema: Option<&str>, name: &str, quote: fn(&str) -> String) -> String {
    match name.split_once('.').or(schema.map(|schema| (schema, name))) {
        Some((schema, name)) => format!("{}.{}", quote(schema), quote(name)),
        None => quote(name),
    }
}

/// Makes the table of scores where there is none.
pub(crate) fn create(table: &str, text: &str, number: &str, quote: fn(&str) -> String) -> String {
    let texts = TEXTS.iter().map(|name| format!("{} {text} NOT NULL", quote(name)));
    let numbers = NUMBERS.iter().map(|name| format!("{} {number}", quote(name)));
    let columns: Vec<String> = texts.chain(numbers).collect();
    format!("CREATE TABLE IF NOT EXISTS {table} ({})", columns.join(", "))
}

/// The columns of the table of scores.
pub(crate) fn columns(quote: fn(&str) -> String) -> String {
    TEXTS.iter().chain(&NUMBERS).map(|name| quote(name)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_as_they_are() {
        for (schema, name, expected) in [
            (None, "scores", "\"scores\""),
            (Some("marts"), "scores", "\"marts\".\"scores\""),
            (Some("marts"), "other.scores", "\"other\".\"scores\""),
            (None, "a\"; DROP TABLE b; --", "\"a\"\"; DROP TABLE b; --\""),
        ] {
            assert_eq!(table(schema, name, quoted), expected);
        }
    }
}
