//! The sources of a pipeline document as parts of the graph: a stream, files that are dropped, Firehose, HTTP; and the archive
//! of what a stream brought. Each becomes what takes the events, what tells of them, and what is watched.

use dtc_lang::pipeline::{Archive, Kinesis, Pipeline, SourceKind};

use crate::graph::{
    Access, Announcement, Api, Bucket, Delivery, Function, Grant, Id, Keyed, LogGroup, Metric, Node, Output, Owner,
    Place, Queue, QueueEvents, Role, Shown, Stream, Trigger,
};
use crate::names;
use crate::write::policy::FIREHOSE;

/// Files of this size are read whole: as many at once as the function's memory bears.
const MEMORY_A_FILE: u32 = 512;
/// What SQS takes at most: times that a message is tried, seconds that it is hidden, functions that read at once.
const MOST_TRIES: u32 = 1000;
const MOST_HIDDEN: u32 = 43_200;
/// Seconds that EventBridge tries to tell a queue, at most; and times.
const MOST_AGE: u32 = 86_400;
const MOST_RETRIES: u32 = 185;
/// Functions that read files at once, where the document does not say.
const FILES_AT_ONCE: u32 = 10;

/// Every source of a document, with the ids of what it becomes.
pub struct Sources {
    pub kinesis: Option<(Kinesis, u32)>,
    pub drops: Vec<Drops>,
    pub apis: Vec<Requests>,
    pub archive: Option<Kept>,
    access_logs: Option<Id<Bucket>>,
}

/// Files that are dropped, by people or by Firehose.
pub struct Drops {
    /// As the document calls it.
    pub name: String,
    pub place: Place,
    pub prefix: String,
    pub suffix: String,
    pub queue: Id<Queue>,
    rule: Id<Announcement>,
    window_seconds: u32,
    expire_days: Option<u32>,
    pub firehose: Option<Firehose>,
}

/// Firehose in front of files: megabytes and seconds after which one is written.
pub struct Firehose {
    pub id: Id<Delivery>,
    role: Id<Role>,
    logs: Id<LogGroup>,
    megabytes: u32,
    seconds: u32,
}

/// An HTTP API.
pub struct Requests {
    pub name: String,
    pub id: Id<Api>,
    pub route: String,
    pub signed: bool,
    logs: Id<LogGroup>,
    rate: u32,
    burst: u32,
}

/// The archive of a stream's events.
pub struct Kept {
    pub bucket: Id<Bucket>,
    pub prefix: String,
    expire_days: Option<u32>,
    firehose: Firehose,
}

/// What is the same for all sources.
pub struct Around<'a> {
    pub settings: &'a Pipeline,
    pub function: &'a Id<Function>,
    pub failed: &'a Id<Queue>,
    pub stream: &'a Id<Stream>,
    pub key: &'a Keyed,
}

impl Sources {
    /// Of a checked document; without sources there is one stream.
    pub fn of(settings: &Pipeline) -> Sources {
        let mut all = Sources { kinesis: None, drops: Vec::new(), apis: Vec::new(), archive: None, access_logs: None };
        let expire_days = settings.archive.as_ref().and_then(|archive| archive.expire_days);
        for source in &settings.sources {
            let (name, seconds) = (source.name.value.as_str(), source.batch_seconds);
            match &source.kind {
                SourceKind::Kinesis(kinesis) => all.kinesis = Some((kinesis.clone(), seconds)),
                SourceKind::Drops { bucket, prefix, suffix } => {
                    let place = bucket.clone().map_or_else(|| Place::Own(id(name, "Bucket")), Place::Given);
                    let mut drops = Drops::new(name, place, seconds, expire_days);
                    (drops.prefix, drops.suffix) = (prefix.trim_start_matches('/').to_owned(), suffix.clone());
                    all.drops.push(drops);
                }
                SourceKind::Firehose { prefix, megabytes, seconds: buffered } => {
                    let mut drops = Drops::new(name, Place::Own(id(name, "Bucket")), seconds, expire_days);
                    let prefix = names::key_prefix(prefix);
                    drops.prefix = if prefix.is_empty() { format!("{name}/") } else { prefix };
                    drops.firehose = Some(Firehose::new(name, *megabytes, *buffered));
                    all.drops.push(drops);
                }
                SourceKind::Http { route, signed, rate, burst } => all.apis.push(Requests {
                    name: name.to_owned(),
                    id: id(name, "Api"),
                    route: route.clone(),
                    signed: *signed,
                    logs: id(name, "ApiLogs"),
                    rate: *rate,
                    burst: *burst,
                }),
            }
        }
        if settings.sources.is_empty() {
            all.kinesis = Some((Kinesis::default(), 2));
        }
        all.archive = settings.archive.as_ref().filter(|_| all.kinesis.is_some()).map(|own| kept(own, settings));
        let has_files = all.archive.is_some() || all.drops.iter().any(|drops| matches!(drops.place, Place::Own(_)));
        all.access_logs = has_files.then(|| Id::new("AccessLogs"));
        all
    }

    /// EventBridge tells queues of files.
    pub fn announces(&self) -> bool {
        !self.drops.is_empty()
    }

    /// Rules that give up into the queue of what failed.
    pub fn rules(&self) -> Vec<Id<Announcement>> {
        self.drops.iter().map(|drops| drops.rule.clone()).collect()
    }

    /// What the function may do with them.
    pub fn grants(&self) -> Vec<Grant> {
        let grants = self.drops.iter().flat_map(|drops| {
            let name = names::logical_id(&drops.name);
            let read = Grant::ReadObjects(name, drops.place.clone(), drops.prefix.clone());
            [Grant::Receive(drops.queue.clone()), read]
        });
        grants.collect()
    }

    /// What calls the function beside the stream.
    pub fn triggers(&self, settings: &Pipeline) -> Vec<Trigger> {
        let triggers = self.drops.iter().map(|drops| {
            Trigger::Queue(QueueEvents {
                name: names::logical_id(&drops.name),
                queue: drops.queue.clone(),
                batch_size: (settings.function.memory_mb / MEMORY_A_FILE).clamp(1, 10),
                window_seconds: drops.window_seconds,
                at_once: settings.function.concurrency.unwrap_or(FILES_AT_ONCE).clamp(2, 1000),
            })
        });
        triggers.collect()
    }

    /// Everything but the stream itself.
    pub fn nodes(&self, around: &Around<'_>) -> Vec<Node> {
        let mut nodes = Vec::new();
        for drops in &self.drops {
            nodes.extend(self.drop_nodes(drops, around));
        }
        for api in &self.apis {
            nodes.extend(api.nodes(around));
        }
        nodes.extend(self.archive.iter().flat_map(|kept| self.archive_nodes(kept, around)));
        nodes.extend(self.access_logs.as_ref().map(|id| {
            let logged = nodes.iter().filter_map(|node| match node {
                Node::Bucket(id, Bucket { access: Access::To(_), .. }) => Some(id.clone()),
                _ => None,
            });
            let access = Access::Takes(logged.collect());
            // S3 delivers access logs into buckets with its own key only.
            let key = Keyed::Service;
            Node::Bucket(id.clone(), Bucket { name: None, announces: false, expire_days: Some(90), access, key })
        }));
        nodes
    }

    /// A bucket of files, logged.
    fn bucket(&self, id: &Id<Bucket>, announces: bool, expire_days: Option<u32>, key: &Keyed) -> Node {
        let access = match &self.access_logs {
            Some(logs) => Access::To(logs.clone()),
            None => Access::Unlogged("Nothing takes access logs here"),
        };
        Node::Bucket(id.clone(), Bucket { name: None, announces, expire_days, access, key: key.clone() })
    }

    fn drop_nodes(&self, drops: &Drops, around: &Around<'_>) -> Vec<Node> {
        let Around { settings, key, failed, .. } = around;
        let retention_seconds = settings.retries.keep_days * 24 * 3600;
        let mut nodes = Vec::new();
        if let Place::Own(bucket) = &drops.place {
            nodes.push(self.bucket(bucket, true, drops.expire_days, key));
            nodes.extend(drops.firehose.iter().flat_map(|firehose| {
                let delivery = firehose.delivery(None, bucket, &drops.prefix, &drops.name, around);
                firehose.nodes(delivery, around)
            }));
        }
        let queue = Queue {
            retention_seconds,
            // A message must not come again while it is worked on: six times, as Lambda asks.
            hidden_seconds: Some((settings.function.timeout_seconds * 6).min(MOST_HIDDEN)),
            redrive: Some(((*failed).clone(), (settings.retries.attempts.saturating_add(1)).min(MOST_TRIES))),
            senders: vec![drops.rule.clone()],
            key: (*key).clone(),
        };
        nodes.push(Node::Queue(drops.queue.clone(), queue));
        let told = Announcement {
            description: format!("Files of {} are put into a queue", drops.name),
            bucket: drops.place.clone(),
            prefix: drops.prefix.clone(),
            suffix: drops.suffix.clone(),
            queue: drops.queue.clone(),
            failed: (*failed).clone(),
            retries: settings.retries.attempts.min(MOST_RETRIES),
            max_age_seconds: settings.retries.max_age_seconds.min(MOST_AGE),
        };
        nodes.push(Node::Announcement(drops.rule.clone(), told));
        nodes
    }

    fn archive_nodes(&self, kept: &Kept, around: &Around<'_>) -> Vec<Node> {
        let name = stream_name(around.settings);
        let delivery = kept.firehose.delivery(Some(around.stream), &kept.bucket, &kept.prefix, &name, around);
        let mut nodes = vec![self.bucket(&kept.bucket, false, kept.expire_days, around.key)];
        nodes.extend(kept.firehose.nodes(delivery, around));
        nodes
    }

    pub fn deliveries(&self) -> Vec<Id<Delivery>> {
        let own = self.drops.iter().filter_map(|drops| drops.firehose.as_ref());
        own.chain(self.archive.iter().map(|kept| &kept.firehose)).map(|firehose| firehose.id.clone()).collect()
    }

    /// Whose metrics of a namespace a source's are.
    pub fn owner(&self, namespace: &str, name: &str) -> Option<Owner> {
        let drops = || self.drops.iter().find(|drops| drops.name == name);
        match namespace {
            "AWS/ApiGateway" => self.apis.iter().find(|api| api.name == name).map(|api| Owner::Api(api.id.clone())),
            "AWS/Firehose" => drops()?.firehose.as_ref().map(|firehose| Owner::Delivery(firehose.id.clone())),
            "AWS/SQS" => drops().map(|drops| Owner::Queue(drops.queue.clone())),
            _ => None,
        }
    }

    /// What is watched: name, description, metric, threshold, periods of a minute.
    pub fn alarms(&self) -> Vec<(String, String, Metric, (f64, u32))> {
        let mut all = Vec::new();
        for drops in &self.drops {
            let id = names::logical_id(&drops.name);
            let waiting = format!("Files of {} wait for more than fifteen minutes", drops.name);
            all.push((format!("{id}LagAlarm"), waiting, Metric::Oldest(drops.queue.clone()), (900.0, 3)));
            all.extend(drops.firehose.as_ref().map(|firehose| firehose.alarm(&id, &drops.name)));
        }
        for api in &self.apis {
            let (id, faults) = (names::logical_id(&api.name), format!("Requests to {} fail on our side", api.name));
            all.push((format!("{id}FaultAlarm"), faults, Metric::ServerErrors(api.id.clone()), (0.0, 1)));
        }
        all.extend(self.archive.as_ref().map(|kept| kept.firehose.alarm("Archive", "the archive")));
        all
    }

    pub fn outputs(&self) -> Vec<Output> {
        let output = |name: String, description: String, value| Output { name, description, value };
        let mut all = Vec::new();
        for drops in &self.drops {
            if let Place::Own(bucket) = &drops.place {
                let description = format!("Bucket that takes the files of {}", drops.name);
                all.push(output(bucket.name().to_owned(), description, Shown::BucketName(bucket.clone())));
            }
            all.extend(drops.firehose.as_ref().map(|firehose| {
                let description = format!("Firehose that producers of {} write to", drops.name);
                output(firehose.id.name().to_owned(), description, Shown::DeliveryName(firehose.id.clone()))
            }));
        }
        for api in &self.apis {
            let description = format!("Where callers of {} send events", api.name);
            let value = Shown::ApiUrl(api.id.clone(), api.route.clone());
            all.push(output(format!("{}Url", api.id.name()), description, value));
        }
        all.extend(self.archive.as_ref().map(|kept| {
            let description = "Bucket of the raw events".to_owned();
            output(kept.bucket.name().to_owned(), description, Shown::BucketName(kept.bucket.clone()))
        }));
        all
    }
}

/// The id of a part of a source.
fn id<K>(name: &str, part: &str) -> Id<K> {
    Id::new(format!("{}Source{part}", names::logical_id(name)))
}

/// What the document calls its stream.
fn stream_name(settings: &Pipeline) -> String {
    let named = settings.sources.iter().find(|source| matches!(source.kind, SourceKind::Kinesis(_)));
    named.map_or_else(|| "events".to_owned(), |source| source.name.value.clone())
}

fn kept(archive: &Archive, settings: &Pipeline) -> Kept {
    let prefix = format!("{}{}/", names::key_prefix(&archive.prefix), stream_name(settings));
    let mut firehose = Firehose::new("archive", archive.megabytes, archive.seconds);
    (firehose.id, firehose.role, firehose.logs) =
        (Id::new("ArchiveDelivery"), Id::new("ArchiveDeliveryRole"), Id::new("ArchiveDeliveryLogs"));
    Kept { bucket: Id::new("ArchiveBucket"), prefix, expire_days: archive.expire_days, firehose }
}

impl Drops {
    fn new(name: &str, place: Place, window_seconds: u32, expire_days: Option<u32>) -> Drops {
        Drops {
            name: name.to_owned(),
            place,
            prefix: String::new(),
            suffix: String::new(),
            queue: id(name, "Queue"),
            rule: id(name, "Rule"),
            window_seconds,
            expire_days,
            firehose: None,
        }
    }
}

impl Firehose {
    fn new(name: &str, megabytes: u32, seconds: u32) -> Firehose {
        let (role, logs) = (id(name, "DeliveryRole"), id(name, "DeliveryLogs"));
        Firehose { id: id(name, "Delivery"), role, logs, megabytes, seconds }
    }

    fn delivery(
        &self,
        stream: Option<&Id<Stream>>,
        bucket: &Id<Bucket>,
        prefix: &str,
        name: &str,
        around: &Around<'_>,
    ) -> Delivery {
        Delivery {
            stream: stream.cloned(),
            bucket: bucket.clone(),
            prefix: prefix.to_owned(),
            errors: format!("errors/{name}/"),
            megabytes: self.megabytes,
            seconds: self.seconds,
            role: self.role.clone(),
            logs: self.logs.clone(),
            key: around.key.clone(),
        }
    }

    /// The delivery stream with its log and its role.
    fn nodes(&self, delivery: Delivery, around: &Around<'_>) -> Vec<Node> {
        let mut grants: Vec<Grant> = delivery.stream.iter().map(|stream| Grant::ReadStream(stream.clone())).collect();
        let prefixes = vec![delivery.prefix.clone(), delivery.errors.clone()];
        grants.push(Grant::DeliverFiles(delivery.bucket.clone(), prefixes));
        grants.push(Grant::UseKey(around.key.clone()));
        grants.push(Grant::WriteLogStream(self.logs.clone()));
        let suffix = names::stack_name(self.id.name()).to_ascii_lowercase();
        let logs = LogGroup { folder: "/aws/kinesisfirehose", suffix, stream: true, key: around.key.clone() };
        vec![
            Node::LogGroup(self.logs.clone(), logs),
            Node::Role(self.role.clone(), Role { service: FIREHOSE, grants }),
            Node::Delivery(self.id.clone(), delivery),
        ]
    }

    /// Records wait three times as long as they should.
    fn alarm(&self, id: &str, name: &str) -> (String, String, Metric, (f64, u32)) {
        let late = format!("Firehose does not write the files of {name}");
        let metric = Metric::Freshness(self.id.clone());
        (format!("{id}DeliveryAlarm"), late, metric, (f64::from(self.seconds) * 3.0, 3))
    }
}

impl Requests {
    fn nodes(&self, around: &Around<'_>) -> Vec<Node> {
        let suffix = names::stack_name(&self.name).to_ascii_lowercase();
        let logs = LogGroup {
            // Names below it need no place in the policy of the account's logs.
            folder: "/aws/vendedlogs/apis",
            suffix: suffix.clone(),
            stream: false,
            key: around.key.clone(),
        };
        let api = Api {
            suffix,
            description: format!("Takes the events of {}", self.name),
            route: self.route.clone(),
            signed: self.signed,
            rate: self.rate,
            burst: self.burst,
            function: around.function.clone(),
            logs: self.logs.clone(),
        };
        vec![Node::LogGroup(self.logs.clone(), logs), Node::Api(self.id.clone(), api)]
    }
}
