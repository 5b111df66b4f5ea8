//! The neutral resource graph: what a bundle deploys, as typed nodes that refer to each other by typed
//! ids, so that a queue can never stand where a stream is meant. Refuses to know how a template is written.

mod sources;

use std::marker::PhantomData;

pub use sources::{Announcement, Api, Delivery, Place, QueueEvents, Trigger};

/// The logical id of a node of kind `K`.
#[derive(Debug)]
pub struct Id<K> {
    name: String,
    kind: PhantomData<fn() -> K>,
}

impl<K> Id<K> {
    pub fn new(name: impl Into<String>) -> Id<K> {
        Id { name: name.into(), kind: PhantomData }
    }
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Id<K> {
        Id::new(self.name.clone())
    }
}

/// One thing to deploy.
#[derive(Debug)]
pub enum Node {
    Key(Id<Key>, Key),
    Stream(Id<Stream>, Stream),
    Queue(Id<Queue>, Queue),
    Topic(Id<Topic>, Topic),
    Table(Id<Table>, Table),
    Bucket(Id<Bucket>, Bucket),
    LogGroup(Id<LogGroup>, LogGroup),
    Role(Id<Role>, Role),
    Function(Id<Function>, Box<Function>),
    Alarm(Id<Alarm>, Alarm),
    Dashboard(Id<Dashboard>, Dashboard),
    Announcement(Id<Announcement>, Announcement),
    Api(Id<Api>, Api),
    Delivery(Id<Delivery>, Delivery),
}

/// The KMS key that encrypts everything else.
#[derive(Debug)]
pub struct Key {
    pub description: String,
    /// EventBridge tells encrypted queues of files.
    pub announces: bool,
}

/// Whose key encrypts.
#[derive(Debug, Clone)]
pub enum Keyed {
    /// The stack's.
    Own(Id<Key>),
    /// One of the account, whose ARN is a parameter.
    Given(Id<Parameter>),
    /// Each service's own.
    Service,
}

/// A Kinesis stream of raw events.
#[derive(Debug)]
pub struct Stream {
    pub retention_hours: u32,
    /// `None`: on demand.
    pub shards: Option<u32>,
    pub key: Keyed,
}

/// An SQS queue: of what is to be done, or of what could not be processed.
#[derive(Debug)]
pub struct Queue {
    pub retention_seconds: u32,
    /// How long a message that is worked on is hidden; for queues that a function reads.
    pub hidden_seconds: Option<u32>,
    /// Where a message goes after so many tries.
    pub redrive: Option<(Id<Queue>, u32)>,
    /// Rules that may send.
    pub senders: Vec<Id<Announcement>>,
    pub key: Keyed,
}

/// The SNS topic that alarms tell; the e-mail parameter subscribes to it where it is set.
#[derive(Debug)]
pub struct Topic {
    /// Addresses that are told in every environment, beside the parameter's.
    pub emails: Vec<String>,
    pub key: Keyed,
}

/// A DynamoDB table.
#[derive(Debug)]
pub struct Table {
    /// `None`: CloudFormation makes a name.
    pub name: Option<Id<Parameter>>,
    /// Rows of one partition are told apart by `range_key`.
    pub range_key: bool,
    /// Rows leave the table when their `expires_at` has passed.
    pub expires: bool,
    /// Can be restored to any second of the last 35 days.
    pub recovery: bool,
    /// Stays when its stack is deleted.
    pub outlives: bool,
    pub key: Keyed,
}

/// An S3 bucket.
#[derive(Debug)]
pub struct Bucket {
    /// `None`: CloudFormation makes a name.
    pub name: Option<Id<Parameter>>,
    /// Tells EventBridge of each object.
    pub announces: bool,
    /// Objects are deleted after so many days.
    pub expire_days: Option<u32>,
    pub access: Access,
    pub key: Keyed,
}

/// Where a bucket's accesses are logged.
#[derive(Debug)]
pub enum Access {
    /// Nowhere, for this reason.
    Unlogged(&'static str),
    /// In this bucket.
    To(Id<Bucket>),
    /// It takes the logs of these.
    Takes(Vec<Id<Bucket>>),
}

/// A log group: `FOLDER/STACK-suffix`.
#[derive(Debug)]
pub struct LogGroup {
    pub folder: &'static str,
    pub suffix: String,
    /// Firehose writes into a stream that is there.
    pub stream: bool,
    pub key: Keyed,
}

/// What a function, or Firehose, may do; one statement a grant.
#[derive(Debug)]
pub struct Role {
    /// Who takes it.
    pub service: &'static str,
    pub grants: Vec<Grant>,
}

#[derive(Debug)]
pub enum Grant {
    ReadStream(Id<Stream>),
    /// Query, read and write rows of a table.
    UseTable(Id<Table>),
    /// Write objects under a prefix.
    WriteObjects(Id<Bucket>, String),
    /// Read the objects that one source drops under a prefix: its name first.
    ReadObjects(String, Place, String),
    /// Write files under prefixes, as Firehose does: in parts.
    DeliverFiles(Id<Bucket>, Vec<String>),
    /// Take messages of one source's queue.
    Receive(Id<Queue>),
    SendTo(Id<Queue>),
    UseKey(Keyed),
    WriteLogs(Id<LogGroup>),
    /// Into the log's one stream.
    WriteLogStream(Id<LogGroup>),
    Trace,
}

/// A function with the zip that holds its program and documents.
#[derive(Debug)]
pub struct Function {
    pub description: String,
    /// Inside the bundle.
    pub zip: String,
    pub memory_mb: u32,
    pub timeout_seconds: u32,
    pub temp_mb: Option<u32>,
    pub concurrency: Option<u32>,
    pub arm64: bool,
    pub role: Id<Role>,
    pub logs: Id<LogGroup>,
    pub dead_letters: Id<Queue>,
    pub key: Keyed,
    pub environment: Vec<(String, Setting)>,
    pub events: Vec<Trigger>,
}

/// The value of an environment variable.
#[derive(Debug)]
pub enum Setting {
    Text(String),
    /// With `${…}` that are filled when it is deployed.
    Filled(String),
    Table(Id<Table>),
    Bucket(Id<Bucket>),
    /// A JSON object: store name → table name.
    Tables(Vec<(String, Id<Table>)>),
}

/// How a function reads a stream.
#[derive(Debug)]
pub struct StreamEvents {
    /// Event name in SAM; the mapping's logical id is the function's id and this.
    pub name: String,
    pub stream: Id<Stream>,
    pub batch_size: u32,
    pub window_seconds: u32,
    pub retries: u32,
    pub max_age_seconds: u32,
    pub bisect: bool,
    /// Batches of a shard at once.
    pub parallel: u32,
    /// Begin with what comes after the deployment.
    pub latest: bool,
    /// Over the record, as Lambda reads it.
    pub filter: Option<String>,
    pub on_failure: Id<Queue>,
}

/// An alarm to the topic.
#[derive(Debug)]
pub struct Alarm {
    pub description: String,
    pub metric: Metric,
    pub threshold: f64,
    /// Goes off below the threshold instead of above.
    pub below: bool,
    pub periods: u32,
    pub period_seconds: u32,
    /// What a period without values counts as.
    pub missing: String,
    pub topic: Id<Topic>,
}

/// A metric that exists, with its dimension.
#[derive(Debug)]
pub enum Metric {
    IteratorAge(Id<Function>),
    Errors(Id<Function>),
    Throttles(Id<Function>),
    Waiting(Id<Queue>),
    /// Seconds that the oldest message waits.
    Oldest(Id<Queue>),
    /// Answers that tell of a fault on our side.
    ServerErrors(Id<Api>),
    /// Seconds that the oldest record waits for its file.
    Freshness(Id<Delivery>),
    /// One of the document's own.
    Own {
        namespace: String,
        name: String,
        statistic: String,
        of: Option<Owner>,
    },
}

/// Whose metric it is.
#[derive(Debug)]
pub enum Owner {
    Function(Id<Function>),
    Stream(Id<Stream>),
    Queue(Id<Queue>),
    Api(Id<Api>),
    Delivery(Id<Delivery>),
}

/// What the stack does, drawn.
#[derive(Debug)]
pub struct Dashboard {
    pub stream: Option<Id<Stream>>,
    pub queues: Vec<Id<Queue>>,
    pub apis: Vec<Id<Api>>,
    pub deliveries: Vec<Id<Delivery>>,
    pub function: Id<Function>,
    pub failed: Id<Queue>,
    pub tables: Vec<Id<Table>>,
}

/// A parameter of the template.
#[derive(Debug, Clone)]
pub struct Parameter {
    pub description: String,
    pub default: String,
    pub rule: Rule,
}

#[derive(Debug, Clone)]
pub enum Rule {
    Pattern(&'static str),
    OneOf(Vec<String>),
    /// Whole numbers out of a list.
    OneOfNumbers(&'static [u32]),
    /// A name of a bucket; the default may be empty, then it must be given.
    Bucket,
}

/// A value that the deployed stack shows.
#[derive(Debug)]
pub struct Output {
    pub name: String,
    pub description: String,
    pub value: Shown,
}

#[derive(Debug)]
pub enum Shown {
    StreamName(Id<Stream>),
    TableName(Id<Table>),
    BucketName(Id<Bucket>),
    FunctionName(Id<Function>),
    /// With the route.
    ApiUrl(Id<Api>, String),
    DeliveryName(Id<Delivery>),
    DashboardUrl(Id<Dashboard>),
    QueueUrl(Id<Queue>),
    TopicArn(Id<Topic>),
    KeyArn(Keyed),
}

/// Everything of one stack, in the order in which it is written.
#[derive(Debug)]
pub struct Stack {
    pub description: String,
    /// Environments whose data cannot be deleted by mistake.
    pub protected: Vec<String>,
    /// Beside project and environment.
    pub tags: Vec<(String, String)>,
    pub parameters: Vec<(Id<Parameter>, Parameter)>,
    pub nodes: Vec<Node>,
    pub outputs: Vec<Output>,
}
