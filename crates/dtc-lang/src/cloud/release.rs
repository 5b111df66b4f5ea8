//! Release labels of EMR: `emr-7.13.0` and, since 8.0, `emr-spark-8.0.0`. What is older than EMR Serverless
//! is refused.

use super::Fault;
use crate::codes::BAD_RELEASE;
use crate::diagnostic::quote;

/// The label that an export takes where none is written.
pub const RELEASE: &str = "emr-7.13.0";
/// Offered in this order.
pub const RELEASES: [&str; 4] = [RELEASE, "emr-spark-8.0.0", "emr-7.9.0", "emr-6.15.0"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    pub label: String,
}

impl Release {
    pub fn parse(text: &str) -> Result<Release, Fault> {
        let label = text.trim();
        let start = text.len() - text.trim_start().len();
        let wrong = |why: &str| {
            Fault::new(&BAD_RELEASE, start..start + label.len(), format!("{} is no release of EMR", quote(label)), why)
                .help(format!("Write a label of three numbers, such as `{RELEASE}` or `emr-spark-8.0.0`"))
        };
        let (version, spark) = match label.strip_prefix("emr-spark-") {
            Some(version) => (version, true),
            None => (label.strip_prefix("emr-").unwrap_or_default(), false),
        };
        let numbers: Option<Vec<u32>> = version.split('.').map(whole).collect();
        let Some([major, minor, _]) = numbers.as_deref() else {
            // `7.13.0`, `emr_7.13.0`
            let digits = label.trim_start_matches(|c: char| !c.is_ascii_digit());
            let three = digits.split('.').count() == 3 && digits.split('.').all(|part| whole(part).is_some());
            let cured = three.then(|| format!("emr-{digits}")).filter(|cured| Release::parse(cured).is_ok());
            let fault = wrong("not `emr-` and three numbers");
            return Err(match cured {
                Some(cured) => fault.instead(cured),
                None if label.contains("latest") => wrong("no label means the latest one").instead(RELEASE),
                None => fault,
            });
        };
        if spark && *major < 8 {
            return Err(wrong("labels with `spark` begin at 8.0.0").instead(format!("emr-{version}")));
        }
        if (*major, *minor) < (6, 6) {
            return Err(wrong("EMR Serverless begins at 6.6.0"));
        }
        Ok(Release { label: label.to_owned() })
    }
}

fn whole(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits && (text == "0" || !text.starts_with('0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_releases() {
        for label in RELEASES {
            assert!(Release::parse(label).is_ok(), "{label}");
        }
    }

    #[test]
    fn other_labels_are_refused_and_cured() {
        for (text, cured) in [
            ("emr_latest", Some(RELEASE)),
            ("emr-7.13", None),
            ("7.13.0", Some("emr-7.13.0")),
            ("emr-spark-7.13.0", Some("emr-7.13.0")),
            ("emr-5.36.0", None),
            ("emr-7.013.0", None),
            ("", None),
        ] {
            assert_eq!(Release::parse(text).unwrap_err().instead.as_deref(), cured, "{text}");
        }
    }
}
