//! Places in S3: `data/features/` in a bucket of the document, or `s3://bucket/features/` in one of the account.

use super::Fault;
use crate::codes::BAD_LOCATION;
use crate::diagnostic::quote;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// Name of a bucket of the document, or of S3 where `foreign`.
    pub bucket: String,
    pub foreign: bool,
    /// Behind the bucket, without a slash in front; may hold `${…}`.
    pub key: String,
}

const FORMS: &str = "Write `data/features/` for a bucket of this document, or `s3://my-bucket/features/`";

impl Location {
    pub fn parse(text: &str) -> Result<Location, Fault> {
        let written = text.trim();
        let start = text.len() - text.trim_start().len();
        let wrong = |why: &str| {
            let message = format!("{} is no place in S3", quote(written));
            Fault::new(&BAD_LOCATION, start..start + written.len(), message, why).help(FORMS)
        };
        let (rest, foreign) = match written.strip_prefix("s3://") {
            Some(rest) => (rest, true),
            None => (written, false),
        };
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        if !foreign && written.contains(':') && !bucket.contains("${") {
            let near = written
                .strip_prefix("s3:")
                .or_else(|| written.strip_prefix("S3:"))
                .or_else(|| written.strip_prefix("s3a:"));
            let cured = near.map(|rest| format!("s3://{}", rest.trim_start_matches('/')));
            let fault = wrong("neither a bucket of this document nor `s3://…`");
            return Err(match cured.filter(|text| Location::parse(text).is_ok()) {
                Some(cured) => fault.instead(cured),
                None => fault,
            });
        }
        if key.starts_with('/') || key.contains("//") || key.contains('\\') || key.chars().any(char::is_control) {
            return Err(wrong("an empty part, or a character that keys should not have"));
        }
        let good = if foreign { is_bucket(bucket) } else { crate::rules::names::is_identifier(bucket) };
        match good {
            true => Ok(Location { bucket: bucket.to_owned(), foreign, key: key.to_owned() }),
            false if foreign => Err(wrong("buckets have 3 to 63 small letters, digits, `-` and `.`")),
            false => Err(wrong("the name of a bucket comes first")),
        }
    }
}

/// Whether S3 takes it as a bucket's name.
pub fn is_bucket(name: &str) -> bool {
    let small = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (3..=63).contains(&name.len())
        && name.bytes().all(|byte| small(byte) || b"-.".contains(&byte))
        && name.bytes().next().is_some_and(small)
        && name.bytes().last().is_some_and(small)
        && !name.contains("..")
        && !name.split('.').all(|part| part.parse::<u8>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places() {
        let own = Location::parse("data/features/").unwrap();
        assert_eq!((own.bucket.as_str(), own.foreign, own.key.as_str()), ("data", false, "features/"));
        assert!(Location::parse("s3://my-lake/a/b.csv").unwrap().foreign);
        assert_eq!(Location::parse("s3:/my-lake/x").unwrap_err().instead.as_deref(), Some("s3://my-lake/x"));
        for text in ["", "/a", "s3://A/x", "data//x", "s3://", "http://a/b"] {
            assert!(Location::parse(text).is_err(), "{text}");
        }
    }
}
