//! Names of resources of AWS (`arn:aws:kinesis:…:stream/x`), by service: an ARN of a queue can never stand
//! where a stream is wanted.

use std::ops::Range;

use super::Fault;
use crate::codes::BAD_ARN;
use crate::diagnostic::quote;
use crate::suggest::nearest;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arn {
    pub service: Service,
    pub text: String,
    /// Behind the service's own word: `clicks` of `stream/clicks`.
    pub name: String,
}

/// What an ARN may be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    Stream,
    Bucket,
    Table,
    Queue,
    Topic,
    Key,
    Secret,
    Role,
    Function,
    Delivery,
    Image,
}

const ALL: [Service; 11] = [
    Service::Stream,
    Service::Bucket,
    Service::Table,
    Service::Queue,
    Service::Topic,
    Service::Key,
    Service::Secret,
    Service::Role,
    Service::Function,
    Service::Delivery,
    Service::Image,
];
const PARTITIONS: [&str; 3] = ["aws", "aws-cn", "aws-us-gov"];

impl Service {
    /// The service's word, and what a resource of this kind begins with.
    fn form(self) -> (&'static str, &'static str) {
        match self {
            Service::Stream => ("kinesis", "stream/"),
            Service::Bucket => ("s3", ""),
            Service::Table => ("dynamodb", "table/"),
            Service::Queue => ("sqs", ""),
            Service::Topic => ("sns", ""),
            Service::Key => ("kms", "key/"),
            Service::Secret => ("secretsmanager", "secret:"),
            Service::Role => ("iam", "role/"),
            Service::Function => ("lambda", "function:"),
            Service::Delivery => ("firehose", "deliverystream/"),
            Service::Image => ("ecr", "repository/"),
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Service::Stream => "a Kinesis stream",
            Service::Bucket => "an S3 bucket",
            Service::Table => "a DynamoDB table",
            Service::Queue => "an SQS queue",
            Service::Topic => "an SNS topic",
            Service::Key => "a KMS key",
            Service::Secret => "a secret of Secrets Manager",
            Service::Role => "an IAM role",
            Service::Function => "a Lambda function",
            Service::Delivery => "a Firehose stream",
            Service::Image => "an ECR repository",
        }
    }

    pub fn example(self) -> String {
        let (word, start) = self.form();
        match self {
            Service::Bucket => "arn:aws:s3:::my-bucket".to_owned(),
            Service::Role => format!("arn:aws:iam::123456789012:{start}NAME"),
            _ => format!("arn:aws:{word}:eu-central-1:123456789012:{start}NAME"),
        }
    }
}

/// A part of a text, with its place.
type Part<'t> = (&'t str, Range<usize>);

impl Arn {
    /// An ARN of one service.
    pub fn parse(text: &str, wanted: Service) -> Result<Arn, Fault> {
        let written = text.trim();
        let start = text.len() - text.trim_start().len();
        let whole = start..start + written.len();
        let example = format!("Write it as `{}`", wanted.example());
        let parts = parts(written, start);
        let [(first, _), (partition, at_partition), (service, at_service), region, account, resource] =
            parts.as_slice()
        else {
            let message = format!("{} is no ARN", quote(written));
            return Err(
                Fault::new(&BAD_ARN, whole, message, "six parts with `:` between them are wanted").help(example)
            );
        };
        if *first != "arn" || !PARTITIONS.contains(partition) {
            let (at, label) = match *first == "arn" {
                true => (at_partition.clone(), "not one of `aws`, `aws-cn`, `aws-us-gov`"),
                false => (whole, "it does not begin with `arn:`"),
            };
            return Err(Fault::new(&BAD_ARN, at, format!("{} is no ARN", quote(written)), label).help(example));
        }
        let (word, prefix) = wanted.form();
        if *service != word {
            return Err(of_other_service(service, at_service.clone(), wanted).help(example));
        }
        place_of(wanted, region, account)?;
        let (rest, at) = resource;
        let name = rest.strip_prefix(prefix).filter(|name| is_name(name, wanted));
        match name {
            Some(name) => Ok(Arn { service: wanted, text: written.to_owned(), name: name.to_owned() }),
            None => {
                let label = if rest.contains('*') { "an ARN here names one thing, no pattern" } else { "not its form" };
                let message = format!("{} does not name {}", quote(rest), wanted.words());
                Err(Fault::new(&BAD_ARN, at.clone(), message, label).help(example))
            }
        }
    }
}

/// At most six parts: what stands behind the fifth colon is one.
fn parts(text: &str, start: usize) -> Vec<Part<'_>> {
    let mut place = start;
    let parts = text.splitn(6, ':').map(|part| {
        let at = place..place + part.len();
        place += part.len() + 1;
        (part, at)
    });
    parts.collect()
}

fn of_other_service(service: &str, at: Range<usize>, wanted: Service) -> Fault {
    let known = ALL.iter().find(|known| known.form().0 == service);
    let message = match known {
        Some(other) => format!("This is the ARN of {}, {} is wanted", other.words(), wanted.words()),
        None => format!("{} is not the service of {}", quote(service), wanted.words()),
    };
    let label = match nearest(service, [wanted.form().0]) {
        Some(meant) if known.is_none() => format!("did you mean `{meant}`?"),
        _ => format!("`{}` is wanted", wanted.form().0),
    };
    Fault::new(&BAD_ARN, at, message, label)
}

/// Region and account, which buckets and roles write otherwise.
fn place_of(wanted: Service, region: &Part<'_>, account: &Part<'_>) -> Result<(), Fault> {
    let example = format!("Write it as `{}`", wanted.example());
    let global = matches!(wanted, Service::Bucket | Service::Role);
    if global != region.0.is_empty() || (!global && !is_region(region.0)) {
        let message = format!("{} is no region of {}", quote(region.0), wanted.words());
        let label = if global { "nothing is wanted here" } else { "a region such as `eu-central-1` is wanted" };
        return Err(Fault::new(&BAD_ARN, region.1.clone(), message, label).help(example));
    }
    let no_account = wanted == Service::Bucket;
    let is_account = account.0.len() == 12 && account.0.bytes().all(|byte| byte.is_ascii_digit());
    if (no_account && !account.0.is_empty()) || (!no_account && !is_account) {
        let message = format!("{} is no account", quote(account.0));
        let label = if no_account { "nothing is wanted here" } else { "twelve digits are wanted" };
        return Err(Fault::new(&BAD_ARN, account.1.clone(), message, label).help(example));
    }
    Ok(())
}

/// `eu-central-1`, `us-gov-west-1`.
pub fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let word = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    match parts.as_slice() {
        [words @ .., number] if words.len() == 2 || words.len() == 3 => {
            words[0].len() == 2 && words.iter().all(word) && number.parse::<u8>().is_ok_and(|number| number > 0)
        }
        _ => false,
    }
}

fn is_name(name: &str, service: Service) -> bool {
    let more: &[u8] = match service {
        Service::Role | Service::Secret => b"/_+=.@-",
        Service::Image => b"/_.-",
        Service::Function => b":_-",
        _ => b"_.-",
    };
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || more.contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_of_each_service_is_good() {
        for service in ALL {
            let text = service.example();
            assert_eq!(Arn::parse(&text, service).unwrap().text, text);
        }
    }

    #[test]
    fn one_service_is_not_another() {
        let queue = "arn:aws:sqs:eu-central-1:123456789012:clicks";
        let fault = Arn::parse(queue, Service::Stream).unwrap_err();
        assert_eq!(fault.message, "This is the ARN of an SQS queue, a Kinesis stream is wanted");
        assert_eq!(&queue[fault.at], "sqs");
    }

    #[test]
    fn parts_are_looked_at() {
        for (text, place) in [
            ("clicks", "clicks"),
            ("arn:aws:kinesis:eucentral:123456789012:stream/x", "eucentral"),
            ("arn:aws:kinesis:eu-central-1:12:stream/x", "12"),
            ("arn:aws:kinesis:eu-central-1:123456789012:x", "x"),
            ("arn:aws:kinesis:eu-central-1:123456789012:stream/*", "stream/*"),
            ("arn:amazon:kinesis:eu-central-1:123456789012:stream/x", "amazon"),
        ] {
            assert_eq!(&text[Arn::parse(text, Service::Stream).unwrap_err().at], place, "{text}");
        }
    }
}
