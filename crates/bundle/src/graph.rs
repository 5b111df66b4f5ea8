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
    LogMetric(Id<LogMetric>, LogMetric),
    Function(Id<Function>, Box<Function>),
    Alarm(Id<Alarm>, Alarm),
    Dashboard(Id<Dashboard>, Dashboard),
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
    /// `None`: on demand.
    pub shards: Option<u32>,
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
    /// Addresses that are told in every environment, beside the parameter's.
    pub emails: Vec<String>,
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
    /// Can be restored to any second of the last 35 days.
    pub recovery: bool,
    /// Stays when its stack is deleted.
    pub outlives: bool,
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

/// A number that lines of a log hold, as a metric of the stack's own: `DTC/STACK`, called after the id.
#[derive(Debug)]
pub struct LogMetric {
    pub logs: Id<LogGroup>,
    /// Of the log's lines; lines where it is zero do not count.
    pub field: String,
}

/// Who takes a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    Lambda,
    CodeDeploy,
}

/// What a service may do for the stack; one statement a grant.
#[derive(Debug)]
pub struct Role {
    pub service: Service,
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
    /// Lead a function's alias to another version.
    MoveAlias(Id<Function>),
    SeeAlarms,
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
    pub key: Id<Key>,
    pub environment: Vec<(String, Setting)>,
    pub events: StreamEvents,
    pub release: Release,
}

/// How a new version takes over.
#[derive(Debug)]
pub struct Release {
    /// CodeDeploy's word for protected environments; the others change at once.
    pub deploy: String,
    pub role: Id<Role>,
    /// Each of them takes a new version back.
    pub alarms: Vec<Id<Alarm>>,
    /// What the function is told by its deployment, with `${…}`: part of what makes a version.
    pub described: String,
}

/// The value of an environment variable.
#[derive(Debug)]
pub enum Setting {
    Text(String),
    /// With `${…}` that are filled when it is deployed.
    Filled(String),
    Table(Id<Table>),
    Bucket(Id<Bucket>),
    /// Its address.
    Queue(Id<Queue>),
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
    /// Of what goes through an alias.
    AliasErrors(Id<Function>, &'static str),
    Logged(Id<LogMetric>),
    Throttles(Id<Function>),
    Waiting(Id<Queue>),
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
}

/// What the stack does, drawn.
#[derive(Debug)]
pub struct Dashboard {
    pub stream: Id<Stream>,
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
    DashboardUrl(Id<Dashboard>),
    QueueUrl(Id<Queue>),
    TopicArn(Id<Topic>),
    KeyArn(Id<Key>),
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
