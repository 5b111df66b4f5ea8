//! Machines of SageMaker (`ml.m5.xlarge`) and workers of Glue: families and sizes that exist in this form.

use super::Fault;
use crate::codes::BAD_SETTING;
use crate::diagnostic::quote;

/// Offered for training and serving.
pub const INSTANCES: [&str; 6] =
    ["ml.m5.large", "ml.m5.xlarge", "ml.m5.4xlarge", "ml.c5.2xlarge", "ml.r5.2xlarge", "ml.g5.xlarge"];
const SIZES: [&str; 13] = [
    "medium", "large", "xlarge", "2xlarge", "3xlarge", "4xlarge", "6xlarge", "8xlarge", "9xlarge", "12xlarge",
    "16xlarge", "18xlarge", "24xlarge",
];
const LARGER: [&str; 2] = ["32xlarge", "48xlarge"];

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Instance {
    pub text: String,
}

impl Instance {
    pub fn parse(text: &str) -> Result<Instance, Fault> {
        let written = text.trim();
        let start = text.len() - text.trim_start().len();
        let parts: Vec<&str> = written.split('.').collect();
        let good = match parts.as_slice() {
            ["ml", family, size] => is_family(family) && (SIZES.contains(size) || LARGER.contains(size)),
            _ => false,
        };
        if good {
            return Ok(Instance { text: written.to_owned() });
        }
        let label = if parts.first() == Some(&"ml") { "no family and size" } else { "it does not begin with `ml.`" };
        let message = format!("{} is no machine of SageMaker", quote(written));
        let fault = Fault::new(&BAD_SETTING, start..start + written.len(), message, label)
            .help("Write family and size behind `ml.`, such as `ml.m5.xlarge`");
        let cured = format!("ml.{written}");
        Err(match parts.len() == 2 && Instance::parse(&cured).is_ok() {
            true => fault.instead(cured),
            false => fault,
        })
    }
}

/// Letters, a digit, perhaps letters: `m5`, `c6gn`, `inf2`.
fn is_family(text: &str) -> bool {
    let word = text.trim_start_matches(|c: char| c.is_ascii_lowercase());
    let letters = text.len() - word.len();
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit());
    (1..=4).contains(&letters)
        && (1..=2).contains(&(word.len() - rest.len()))
        && rest.chars().all(|c| c.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines() {
        for text in INSTANCES {
            assert!(Instance::parse(text).is_ok(), "{text}");
        }
        assert_eq!(Instance::parse("m5.xlarge").unwrap_err().instead.as_deref(), Some("ml.m5.xlarge"));
        for text in ["ml.m5", "ml.m5.huge", "ml.5m.large", "", "ml.t3.xlarge.large"] {
            assert!(Instance::parse(text).is_err(), "{text}");
        }
    }
}
