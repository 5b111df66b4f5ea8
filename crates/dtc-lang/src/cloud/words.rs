//! Small texts that AWS has rules for: addresses of e-mail, tags, variables of functions, accounts, versions.

use super::Fault;
use crate::codes::BAD_SETTING;
use crate::diagnostic::quote;

/// Names that Lambda keeps for itself.
const RESERVED: [&str; 17] = [
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_LAMBDA_RUNTIME_API",
    "LAMBDA_TASK_ROOT",
];

fn wrong(text: &str, message: String, label: &str, help: &str) -> Fault {
    let start = text.len() - text.trim_start().len();
    Fault::new(&BAD_SETTING, start..start + text.trim().len(), message, label).help(help)
}

pub fn email(text: &str) -> Result<(), Fault> {
    let good = text.trim().split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !host.contains('@') && !host.starts_with('.') && !host.ends_with('.')
    });
    match good && !text.trim().contains([' ', ',', ';', '<']) {
        true => Ok(()),
        false => Err(wrong(
            text,
            format!("{} is no address of e-mail", quote(text)),
            "no `name@host`",
            "Write one address an item, such as `data-team@example.com`",
        )),
    }
}

pub fn account(text: &str) -> Result<(), Fault> {
    match text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        true => Ok(()),
        false => Err(wrong(
            text,
            format!("{} is no account of AWS", quote(text)),
            "not twelve digits",
            "Write its twelve digits in quotes, such as `'123456789012'`",
        )),
    }
}

pub fn region(text: &str) -> Result<(), Fault> {
    match super::arn::is_region(text) {
        true => Ok(()),
        false => Err(wrong(
            text,
            format!("{} is no region of AWS", quote(text)),
            "not the form of a region",
            "Write it as AWS does, such as `eu-central-1`",
        )),
    }
}

/// The key of a tag.
pub fn tag(text: &str) -> Result<(), Fault> {
    let taken = text.to_ascii_lowercase().starts_with("aws:");
    let known = |c: char| c.is_alphanumeric() || " _.:/=+-@".contains(c);
    let label = match text {
        _ if taken => "AWS keeps `aws:` for itself",
        "Project" | "Env" => "every export sets this one itself",
        _ if text.is_empty() || text.chars().count() > 128 => "not 1 to 128 characters",
        _ if !text.chars().all(known) => "a character that tags cannot have",
        _ => return Ok(()),
    };
    let help = "Use letters, digits, spaces and `_ . : / = + - @`, and a name that is free";
    Err(wrong(text, format!("{} cannot be the key of a tag", quote(text)), label, help))
}

/// The name of a function's environment variable.
pub fn variable(text: &str) -> Result<(), Fault> {
    let word = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let first = text.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    let label = match text {
        _ if RESERVED.contains(&text) => "Lambda keeps this name for itself",
        _ if text.starts_with("DTC_") => "the export sets these itself",
        _ if !word || !first || text.len() < 2 => "not letters, digits and `_`, beginning with a letter",
        _ => return Ok(()),
    };
    Err(wrong(text, format!("{} cannot be a variable of the function", quote(text)), label, "Choose another name"))
}

/// A path of a file of the project.
pub fn file(text: &str) -> Result<(), Fault> {
    let clean = !text.is_empty()
        && text.split('/').all(|part| !matches!(part, "" | "." | ".."))
        && text.chars().all(|c| !c.is_control() && !"\\:*?\"<>|".contains(c));
    match clean {
        true => Ok(()),
        false => Err(wrong(
            text,
            format!("{} is no file of the project", quote(text)),
            "not a path inside the project",
            "Write it from the project's folder, such as `jobs/etl.py`",
        )),
    }
}

/// The image of a container: `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG`.
pub fn image(text: &str) -> Result<(), Fault> {
    let good = text.split_once(".dkr.ecr.").is_some_and(|(account, rest)| {
        account.len() == 12
            && account.bytes().all(|byte| byte.is_ascii_digit())
            && rest.split_once(".amazonaws.com/").is_some_and(|(region, name)| {
                super::arn::is_region(region) && name.contains([':', '@']) && !name.contains(' ')
            })
    });
    match good || text.contains("${") {
        true => Ok(()),
        false => Err(wrong(
            text,
            format!("{} is no image of ECR", quote(text)),
            "not `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG`",
            "Write account, region, name and tag, such as \
             `123456789012.dkr.ecr.eu-central-1.amazonaws.com/promo:1`",
        )),
    }
}

/// A route of an HTTP API, such as `POST /events`.
pub fn route(text: &str) -> Result<(), Fault> {
    let good = text.split_once(' ').is_some_and(|(method, path)| {
        ["POST", "PUT"].contains(&method) && path.starts_with('/') && !path.contains([' ', '?', '#', '"'])
    });
    match good {
        true => Ok(()),
        false => Err(wrong(
            text,
            format!("{} is no route", quote(text)),
            "not a method and a path",
            "Write `POST` or `PUT` and a path, such as `POST /events`",
        )),
    }
}
