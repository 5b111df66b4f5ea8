//! The neutral resource graph: what a bundle deploys, as typed nodes that refer to each other by typed
//! ids, so that a queue can never stand where a stream is meant. Refuses to know how a template is written.

use std::marker::PhantomData;

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
}

/// The KMS key that encrypts everything else.
#[derive(Debug)]
pub struct Key {
    pub description: String,
}

/// A Kinesis stream of raw events.
#[derive(Debug)]
pub struct Stream {
    pub retention_hours: u32,
    pub key: Id<Key>,
}

/// An SQS queue that keeps what could not be processed.
#[derive(Debug)]
pub struct Queue {
    pub retention_seconds: u32,
    pub key: Id<Key>,
}

/// The SNS topic that alarms tell; the e-mail parameter subscribes to it where it is set.
#[derive(Debug)]
pub struct Topic {
    pub key: Id<Key>,
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
    pub key: Id<Key>,
}

/// An S3 bucket for results.
#[derive(Debug)]
pub struct Bucket {
    /// `None`: CloudFormation makes a name.
    pub name: Option<Id<Parameter>>,
    pub key: Id<Key>,
}

/// The log group of a function.
#[derive(Debug)]
pub struct LogGroup {
    /// After the stack's name: `/aws/lambda/STACK-suffix`.
    pub suffix: String,
    pub key: Id<Key>,
}

/// What a function may do; one statement a grant.
#[derive(Debug)]
pub struct Role {
    pub grants: Vec<Grant>,
}

#[derive(Debug)]
pub enum Grant {
    ReadStream(Id<Stream>),
    /// Query, read and write rows of a table.
    UseTable(Id<Table>),
    /// Write objects under a prefix.
    WriteObjects(Id<Bucket>, String),
    SendTo(Id<Queue>),
    UseKey(Id<Key>),
    WriteLogs(Id<LogGroup>),
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
    pub role: Id<Role>,
    pub logs: Id<LogGroup>,
    pub dead_letters: Id<Queue>,
    pub key: Id<Key>,
    pub environment: Vec<(String, Setting)>,
    pub events: StreamEvents,
}

/// The value of an environment variable.
#[derive(Debug)]
pub enum Setting {
    Text(String),
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
    pub on_failure: Id<Queue>,
}

/// An alarm to the topic.
#[derive(Debug)]
pub struct Alarm {
    pub description: String,
    pub metric: Metric,
    pub threshold: u32,
    /// Of one minute each.
    pub periods: u32,
    pub topic: Id<Topic>,
}

/// A metric that exists, with its dimension.
#[derive(Debug)]
pub enum Metric {
    IteratorAge(Id<Function>),
    Errors(Id<Function>),
    Throttles(Id<Function>),
    Waiting(Id<Queue>),
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
    OneOf(&'static [&'static str]),
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
    QueueUrl(Id<Queue>),
    TopicArn(Id<Topic>),
    KeyArn(Id<Key>),
}

/// Everything of one stack, in the order in which it is written.
#[derive(Debug)]
pub struct Stack {
    pub description: String,
    pub parameters: Vec<(Id<Parameter>, Parameter)>,
    pub nodes: Vec<Node>,
    pub outputs: Vec<Output>,
}
