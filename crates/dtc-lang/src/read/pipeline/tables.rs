//! The tables of a pipeline document: where events come from, how the function runs, what is watched, who is
//! told, which environments there are. Flows and their steps have tables of their own.

use super::flows::FLOW;
use super::shape::Takes::{Arn, Checked, Choice, Filter, Flag, Key, List, Mapping, Metric, Name, Namespace, Number};
use super::shape::Takes::{Pairs, Part, PartsNamed, Schedule, Text, Texts, Zone};
use super::shape::{Refers, Shape, Slot, any, slot, whole};
use crate::cloud::arn::Service;
use crate::cloud::{metric, words};

pub const DEPLOYS: [&str; 9] = [
    "AllAtOnce",
    "Canary10Percent5Minutes",
    "Canary10Percent10Minutes",
    "Canary10Percent15Minutes",
    "Canary10Percent30Minutes",
    "Linear10PercentEvery1Minute",
    "Linear10PercentEvery2Minutes",
    "Linear10PercentEvery3Minutes",
    "Linear10PercentEvery10Minutes",
];
const LOG_DAYS: [&str; 11] = ["1", "3", "5", "7", "14", "30", "60", "90", "180", "365", "731"];
const ON_DELETE: [&str; 2] = ["keep", "delete"];
pub const DEDUPS: [&str; 3] = ["none", "sequence", "event_id"];
pub const ARCHITECTURES: [&str; 2] = ["x86_64", "arm64"];

const DESCRIPTION: Slot = slot("Description", Text, "Words for people.");
const OUTLIVES: Slot = slot("OnDelete", Choice(&ON_DELETE), "Whether it outlives its stack: `keep` or `delete`.");
const RECOVERY: Slot = slot(
    "Recovery",
    Flag,
    "Whether the table can be restored to any second of the last 35 days; it can where this is missing.",
);

pub static ROOT: Shape = Shape {
    what: "document",
    slots: &[
        slot("Type", Text, "`ProductML:DTC:Pipeline`: what becomes infrastructure.").needed(),
        slot("Version", Text, "The version of the language: `'2018-03-01'`.").needed(),
        slot("Name", Name, "The name of the pipeline; stacks are called after it.").needed(),
        DESCRIPTION,
        slot(
            "Documents",
            PartsNamed(Refers::Document),
            "Names of the documents that are deployed; all of the project where it is missing.",
        ),
        slot("Sources", List(&SOURCE), "Where events come from; a Kinesis stream of its own where it is missing."),
        slot("Archive", Mapping(&ARCHIVE), "Raw events are kept in S3 as well, for windows, training and new starts."),
        slot("Buckets", List(&BUCKET), "Buckets that steps read and write, beside those of the documents' stores."),
        slot("Tables", List(&TABLE), "Tables that steps write, beside those of the documents' stores."),
        slot(
            "Stores",
            List(&STORE),
            "How stores of the documents are kept; they and their `Retention` come from there.",
        ),
        slot("Function", Mapping(&FUNCTION), "How the function runs and how a new version of it is taken into use."),
        slot("Retries", Mapping(&RETRIES), "What happens to events that fail."),
        slot(
            "Dedup",
            Choice(&DEDUPS),
            "How a record that comes twice counts once: by its `sequence` in the stream where this is missing, by its `event_id`, or not at all (`none`).",
        ),
        slot("Encryption", Key, "`own`: a key of the stack. `aws`: keys of the services. Or the ARN of a KMS key."),
        slot("Architecture", Choice(&ARCHITECTURES), "The processor of the function: `x86_64` or `arm64`."),
        slot("Schedules", List(&SCHEDULE), "What starts when."),
        slot("Flows", List(&FLOW), "Steps of preparation, training, scoring and serving, in their order."),
        slot(
            "Alarms",
            List(&ALARM),
            "What is watched beside lag, failures, throttles and given-up batches, which always are.",
        ),
        slot("Dashboard", Mapping(&DASHBOARD), "The dashboard of the stack."),
        slot("Notifications", Mapping(&NOTIFICATIONS), "Who is told when an alarm goes off or a flow fails."),
        slot(
            "Secrets",
            List(&SECRET),
            "Secrets of Secrets Manager that functions may read; documents never hold them.",
        ),
        slot("Parameters", List(&PARAMETER), "Values that differ by environment; `${Name}` in texts stands for them."),
        slot("Environments", List(&ENVIRONMENT), "Where it is deployed; dev, qa and prod where it is missing."),
        slot("Tags", Pairs(words::tag), "Tags on everything, beside `Project` and `Env`."),
    ],
};

const KINESIS: &[&str] = &["kinesis"];
const S3: &[&str] = &["s3"];
const FIREHOSE: &[&str] = &["firehose"];
const HTTP: &[&str] = &["http"];

pub static SOURCE: Shape = Shape {
    what: "source",
    slots: &[
        slot(
            "Type",
            Choice(&["kinesis", "s3", "firehose", "http"]),
            "What it is: `kinesis`, `s3` (files that are dropped), `firehose`, `http`.",
        )
        .needed(),
        slot("Name", Name, "What metrics, alarms and resources call it.").needed(),
        DESCRIPTION,
        slot(
            "Stream",
            Arn(Service::Stream),
            "ARN of a stream that is there; without it the stack has a stream of its own.",
        )
        .of(KINESIS),
        slot(
            "RetentionHours",
            whole(24, 8760, "a number of hours, 24 to 8760"),
            "How long the stream keeps a record; longer than `MaxAgeSeconds` of the retries.",
        )
        .of(KINESIS),
        slot(
            "Shards",
            whole(1, 10_000, "a number of shards, 1 to 10000"),
            "Provisioned shards; on demand where it is missing.",
        )
        .of(KINESIS),
        slot(
            "BatchSize",
            whole(1, 10_000, "a number of records, 1 to 10000"),
            "Records that the function gets at once; 200 where it is missing.",
        )
        .of(KINESIS),
        slot(
            "BatchSeconds",
            whole(0, 300, "a number of seconds, 0 to 300"),
            "How long a batch is waited for; 2 where it is missing.",
        ),
        slot(
            "Parallel",
            whole(1, 10, "a number of batches, 1 to 10"),
            "Batches of a shard at once; one identity's stay in order.",
        )
        .of(KINESIS),
        slot("Start", Choice(&["trim_horizon", "latest"]), "Whether what is in the stream already is read as well.")
            .of(KINESIS),
        slot("FanOut", Flag, "`true`: a consumer with a throughput of its own, for the second reader and later ones.")
            .of(KINESIS),
        slot(
            "Filter",
            Filter,
            "Which events reach the function: fields to lists of what they may be. Others cost nothing.",
        )
        .of(KINESIS),
        slot(
            "Bucket",
            Checked(bucket),
            "Name of the bucket in which files are dropped; one of the stack's own where it is missing.",
        )
        .of(S3),
        slot("Prefix", Text, "Beginning of the keys of files that are events.").of(&["s3", "firehose"]),
        slot("Suffix", Text, "End of the keys of files that are events, such as `.jsonl`.").of(S3),
        slot(
            "BufferMegabytes",
            whole(1, 128, "a number of megabytes, 1 to 128"),
            "A file is written after so many megabytes.",
        )
        .of(FIREHOSE),
        slot(
            "BufferSeconds",
            whole(60, 900, "a number of seconds, 60 to 900"),
            "A file is written after so many seconds at the latest.",
        )
        .of(FIREHOSE),
        slot("Route", Checked(words::route), "Method and path that take events, such as `POST /events`.").of(HTTP),
        slot("Auth", Choice(&["iam", "none"]), "`iam`: callers sign their requests. `none`: everybody may send.")
            .of(HTTP),
        slot(
            "RatePerSecond",
            whole(1, 10_000, "a number of requests, 1 to 10000"),
            "Requests a second before callers are slowed down; 100 where it is missing.",
        )
        .of(HTTP),
        slot(
            "Burst",
            whole(1, 10_000, "a number of requests, 1 to 10000"),
            "Requests at once before callers are slowed down; 200 where it is missing.",
        )
        .of(HTTP),
    ],
};

fn bucket(name: &str) -> Result<(), crate::cloud::Fault> {
    match crate::cloud::location::is_bucket(name) {
        true => Ok(()),
        false => Err(crate::cloud::Fault::new(
            &crate::codes::BAD_LOCATION,
            0..name.len(),
            format!("{} cannot name an S3 bucket", crate::diagnostic::quote(name)),
            "not 3 to 63 small letters, digits, `-` and `.`",
        )
        .help("Use small letters, digits and `-`, with a letter or digit at both ends")),
    }
}

static ARCHIVE: Shape = Shape {
    what: "archive",
    slots: &[
        slot(
            "Format",
            Choice(&["json", "parquet"]),
            "`json`: lines as they came. `parquet`: columns, with a table in Glue's catalogue.",
        ),
        slot("Prefix", Text, "Folder in the archive's bucket."),
        slot(
            "BufferMegabytes",
            whole(1, 128, "a number of megabytes, 1 to 128"),
            "A file is written after so many megabytes; of Parquet at least 64.",
        ),
        slot(
            "BufferSeconds",
            whole(60, 900, "a number of seconds, 60 to 900"),
            "A file is written after so many seconds at the latest.",
        ),
        slot(
            "ExpireDays",
            whole(1, 36_500, "a number of days, 1 to 36500"),
            "Days after which files are deleted; never where it is missing.",
        ),
    ],
};

static BUCKET: Shape = Shape {
    what: "bucket",
    slots: &[
        slot("Name", Name, "What steps call it: `data/features/` is a place in the bucket `data`.").needed(),
        slot("Bucket", Checked(bucket), "Its name in S3; CloudFormation makes one where it is missing."),
        slot(
            "ExpireDays",
            whole(1, 36_500, "a number of days, 1 to 36500"),
            "Days after which objects are deleted; never where it is missing.",
        ),
        OUTLIVES,
    ],
};

static TABLE: Shape = Shape {
    what: "table",
    slots: &[
        slot("Name", Name, "What steps call it.").needed(),
        slot("Key", Name, "The attribute that rows are found by.").needed(),
        slot("Range", Name, "A second attribute, that rows of one key are told apart by."),
        slot(
            "Retention",
            whole(1, 36_500, "a number of days, 1 to 36500"),
            "Days that a row is kept; then DynamoDB deletes it by its time to live.",
        ),
        RECOVERY,
        OUTLIVES,
    ],
};

static STORE: Shape = Shape {
    what: "store",
    slots: &[slot("Name", Part(Refers::Store), "A store of the pipeline's documents.").needed(), RECOVERY, OUTLIVES],
};

static FUNCTION: Shape = Shape {
    what: "function",
    slots: &[
        slot(
            "MemoryMb",
            whole(128, 10_240, "a number of megabytes, 128 to 10240"),
            "Memory, and with it processor; 512 where it is missing.",
        ),
        slot(
            "TimeoutSeconds",
            whole(1, 900, "a number of seconds, 1 to 900"),
            "A batch that takes longer fails; 120 where it is missing.",
        ),
        slot("TempMb", whole(512, 10_240, "a number of megabytes, 512 to 10240"), "Room for files while it runs."),
        slot(
            "Concurrency",
            whole(1, 10_000, "a number of functions, 1 to 10000"),
            "At most so many at once, kept free for this one.",
        ),
        slot("LogDays", Choice(&LOG_DAYS), "Days that logs are kept; 30 where it is missing."),
        slot(
            "Deploy",
            Choice(&DEPLOYS),
            "How a new version takes over in protected environments: a tenth for five minutes first where this is missing, and back when it fails. The others change at once.",
        ),
        slot("Variables", Pairs(words::variable), "Environment variables besides the export's own."),
    ],
};

static RETRIES: Shape = Shape {
    what: "retries",
    slots: &[
        slot(
            "Attempts",
            whole(0, 10_000, "a number of attempts, 0 to 10000"),
            "How often a failed batch is tried again; 5 where it is missing.",
        ),
        slot(
            "MaxAgeSeconds",
            whole(60, 604_800, "a number of seconds, 60 to 604800"),
            "Records older than that are given up; a day where it is missing.",
        ),
        slot(
            "Bisect",
            Flag,
            "Whether a failed batch is halved, until the bad record stands alone; it is where this is missing.",
        ),
        slot(
            "KeepDays",
            whole(1, 14, "a number of days, 1 to 14"),
            "Days that the note of a given-up batch is kept; 14 where it is missing.",
        ),
    ],
};

static SCHEDULE: Shape = Shape {
    what: "schedule",
    slots: &[
        slot("Name", Name, "What resources and metrics call it.").needed(),
        slot("At", Schedule, "When: `rate(8 hours)`, `cron(0 3 * * ? *)` or `at(2027-01-31T03:00:00)`.").needed(),
        slot("Zone", Zone, "Whose clock, such as `Europe/Berlin`; UTC where it is missing."),
        slot("Starts", Part(Refers::Startable), "What it starts: a flow, or an attribution document.").needed(),
        slot(
            "FlexMinutes",
            whole(1, 1440, "a number of minutes, 1 to 1440"),
            "It may start so much later, which spreads load.",
        ),
        slot("Enabled", Flag, "`false`: it is there and starts nothing."),
        slot(
            "Attempts",
            whole(0, 185, "a number of attempts, 0 to 185"),
            "How often a start that failed is tried again; 3 where it is missing.",
        ),
        slot(
            "MaxAgeSeconds",
            whole(60, 86_400, "a number of seconds, 60 to 86400"),
            "After so many seconds a start is given up; an hour where it is missing.",
        ),
    ],
};

static ALARM: Shape = Shape {
    what: "alarm",
    slots: &[
        slot("Name", Name, "What people read when it goes off.").needed(),
        slot("Description", Text, "What it means and what to do."),
        slot("Namespace", Namespace, "The service that sends the metric, such as `AWS/Lambda`, or one of your own.")
            .needed(),
        slot("Metric", Metric, "Name of the metric.").needed(),
        slot(
            "Of",
            Part(Refers::Watched),
            "Whose metric: a source, a table, a bucket, a flow, an endpoint, `function`, or `failed` for what was given up.",
        ),
        slot(
            "Statistic",
            Choice(&metric::STATISTICS),
            "What is made of the values of a period; `Sum` where it is missing.",
        ),
        slot("Above", Number(f64::NEG_INFINITY), "It goes off above this number."),
        slot("Below", Number(f64::NEG_INFINITY), "It goes off below this number."),
        slot(
            "Periods",
            whole(1, 1440, "a number of periods, 1 to 1440"),
            "For so many periods in a row; 1 where it is missing.",
        ),
        slot(
            "PeriodSeconds",
            whole(10, 86_400, "a number of seconds, 10 to 86400"),
            "How long a period is; 60 where it is missing.",
        ),
        slot(
            "Missing",
            Choice(&["notBreaching", "breaching", "ignore", "missing"]),
            "What a period without values counts as.",
        ),
    ],
};

static DASHBOARD: Shape = Shape {
    what: "dashboard",
    slots: &[
        slot("Enabled", Flag, "`false`: there is none."),
        slot("Charts", List(&CHART), "Charts besides those of stream, function, tables and failures."),
    ],
};

static CHART: Shape = Shape {
    what: "chart",
    slots: &[
        slot("Name", Text, "Its title.").needed(),
        slot("Namespace", Namespace, "The service that sends the metric, such as `AWS/Lambda`, or one of your own.")
            .needed(),
        slot("Metric", Metric, "Name of the metric.").needed(),
        slot(
            "Of",
            Part(Refers::Watched),
            "Whose metric: a source, a table, a bucket, a flow, an endpoint, `function`, or `failed`.",
        ),
        slot(
            "Statistic",
            Choice(&metric::STATISTICS),
            "What is made of the values of a period; `Sum` where it is missing.",
        ),
    ],
};

static NOTIFICATIONS: Shape = Shape {
    what: "notifications",
    slots: &[
        slot("Emails", Texts(words::email), "Addresses that are told; each must confirm once."),
        slot("Topic", Arn(Service::Topic), "ARN of a topic that is there; without it the stack has one of its own."),
    ],
};

static SECRET: Shape = Shape {
    what: "secret",
    slots: &[
        slot("Name", Name, "The store of the attribution document whose password it is.").needed(),
        slot("Arn", Arn(Service::Secret), "ARN of the secret; the export makes an empty one where it is missing."),
    ],
};

static PARAMETER: Shape = Shape {
    what: "parameter",
    slots: &[
        slot("Name", Name, "What `${Name}` stands for.").needed(),
        slot("Kind", Choice(&["text", "number"]), "`text` or `number`."),
        slot("Default", Text, "Its value where an environment says none."),
        slot("Choices", Texts(any), "The only values that it may have."),
        DESCRIPTION,
    ],
};

static ENVIRONMENT: Shape = Shape {
    what: "environment",
    slots: &[
        slot("Name", Name, "Its name; stacks and tables carry it.").needed(),
        slot("Account", Checked(words::account), "Twelve digits: a deployment to another account stops."),
        slot("Region", Checked(words::region), "Where it is deployed, such as `eu-central-1`."),
        slot("Protect", Flag, "Tables cannot be deleted and new versions come by a part first; so it is of `prod`."),
        slot("Emails", Texts(words::email), "Addresses that are told of this environment's alarms alone."),
        slot("LogDays", Choice(&LOG_DAYS), "Days that logs are kept here."),
        slot("Values", Pairs(any), "Values of the document's parameters."),
    ],
};
