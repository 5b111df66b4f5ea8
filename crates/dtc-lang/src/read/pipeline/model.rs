//! From records to the typed document, with every default filled in. What could not be read stands as its
//! default; it has been reported.

use crate::cloud::arn::Arn;
use crate::cloud::metric::Metric;
use crate::document::{Header, Name};
use crate::pipeline::{
    Archive, Chart, Dedup, Encryption, Environment, Flow, FunctionSettings, Kept, Kinesis, OwnBucket, OwnTable,
    Parameter, Pipeline, Record, Retries, Scheduled, Secret, Source, SourceKind, Step, Value, Watch,
};

impl Pipeline {
    pub(crate) fn of(header: Header, root: &Record) -> Pipeline {
        let plain = Pipeline::default();
        let environments: Vec<Environment> = root.list("Environments").iter().filter_map(environment).collect();
        let notifications = root.mapping("Notifications");
        Pipeline {
            header,
            documents: root.texts("Documents").to_vec(),
            sources: root.list("Sources").iter().filter_map(source).collect(),
            archive: root.mapping("Archive").map(archive),
            buckets: root.list("Buckets").iter().filter_map(own_bucket).collect(),
            tables: root.list("Tables").iter().filter_map(own_table).collect(),
            stores: root.list("Stores").iter().filter_map(kept).collect(),
            function: root.mapping("Function").map(function).unwrap_or_default(),
            retries: root.mapping("Retries").map(retries).unwrap_or_default(),
            dedup: match root.choice("Dedup") {
                Some("none") => Dedup::None,
                Some("event_id") => Dedup::EventId,
                _ => Dedup::Sequence,
            },
            encryption: match root.get("Encryption") {
                Some(Value::Key(key)) => key.clone(),
                _ => Encryption::Own,
            },
            arm64: root.choice("Architecture") == Some("arm64"),
            schedules: root.list("Schedules").iter().filter_map(scheduled).collect(),
            flows: root.list("Flows").iter().filter_map(flow).collect(),
            alarms: root.list("Alarms").iter().filter_map(watch).collect(),
            dashboard: root.mapping("Dashboard").and_then(|own| own.flag("Enabled")).unwrap_or(plain.dashboard),
            charts: root
                .mapping("Dashboard")
                .map_or(&[][..], |own| own.list("Charts"))
                .iter()
                .filter_map(chart)
                .collect(),
            emails: notifications.map_or_else(Vec::new, |own| values(own.texts("Emails"))),
            topic: notifications.and_then(|own| own.get("Topic")).and_then(arn_of),
            secrets: root.list("Secrets").iter().filter_map(secret).collect(),
            parameters: root.list("Parameters").iter().filter_map(parameter).collect(),
            environments: if environments.is_empty() { plain.environments } else { environments },
            tags: own_pairs(root.pairs("Tags")),
        }
    }
}

fn values(names: &[Name]) -> Vec<String> {
    names.iter().map(|name| name.value.clone()).collect()
}

fn own_pairs(pairs: &[(Name, Name)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| (key.value.clone(), value.value.clone())).collect()
}

fn arn_of(value: &Value) -> Option<Arn> {
    match value {
        Value::Arn(arn) => Some(arn.clone()),
        _ => None,
    }
}

fn text(record: &Record, name: &str) -> Option<String> {
    record.text(name).map(|text| text.value.clone())
}

fn source(record: &Record) -> Option<Source> {
    let plain = Kinesis::default();
    let prefix = text(record, "Prefix").unwrap_or_default();
    let kind = match record.kind? {
        "kinesis" => SourceKind::Kinesis(Kinesis {
            stream: record.get("Stream").and_then(arn_of),
            retention_hours: record.whole("RetentionHours").unwrap_or(plain.retention_hours),
            shards: record.whole("Shards"),
            batch_size: record.whole("BatchSize").unwrap_or(plain.batch_size),
            parallel: record.whole("Parallel").unwrap_or(plain.parallel),
            latest: record.choice("Start") == Some("latest"),
            fan_out: record.flag("FanOut").unwrap_or_default(),
            filter: match record.get("Filter") {
                Some(Value::Filter(pattern)) => Some(pattern.clone()),
                _ => None,
            },
        }),
        "s3" => SourceKind::Drops {
            bucket: text(record, "Bucket"),
            prefix,
            suffix: text(record, "Suffix").unwrap_or_default(),
        },
        "firehose" => SourceKind::Firehose {
            prefix,
            megabytes: record.whole("BufferMegabytes").unwrap_or(5),
            seconds: record.whole("BufferSeconds").unwrap_or(60),
        },
        _ => SourceKind::Http {
            route: text(record, "Route").unwrap_or_else(|| "POST /events".to_owned()),
            signed: record.choice("Auth") != Some("none"),
            rate: record.whole("RatePerSecond").unwrap_or(100),
            burst: record.whole("Burst").unwrap_or(200),
        },
    };
    Some(Source { name: record.name()?.clone(), kind, batch_seconds: record.whole("BatchSeconds").unwrap_or(2) })
}

fn archive(record: &Record) -> Archive {
    let parquet = record.choice("Format") == Some("parquet");
    Archive {
        parquet,
        prefix: text(record, "Prefix").unwrap_or_default(),
        megabytes: record.whole("BufferMegabytes").unwrap_or(if parquet { 64 } else { 5 }),
        seconds: record.whole("BufferSeconds").unwrap_or(300),
        expire_days: record.whole("ExpireDays"),
    }
}

fn outlives(record: &Record) -> bool {
    record.choice("OnDelete") != Some("delete")
}

fn own_bucket(record: &Record) -> Option<OwnBucket> {
    Some(OwnBucket {
        name: record.name()?.clone(),
        bucket: text(record, "Bucket"),
        expire_days: record.whole("ExpireDays"),
        outlives: outlives(record),
    })
}

fn own_table(record: &Record) -> Option<OwnTable> {
    Some(OwnTable {
        name: record.name()?.clone(),
        key: text(record, "Key")?,
        range: text(record, "Range"),
        retention_days: record.whole("Retention"),
        recovery: record.flag("Recovery").unwrap_or(true),
        outlives: outlives(record),
    })
}

fn kept(record: &Record) -> Option<Kept> {
    let recovery = record.flag("Recovery").unwrap_or(true);
    Some(Kept { store: record.name()?.clone(), recovery, outlives: outlives(record) })
}

fn days(record: &Record, name: &str) -> Option<u32> {
    record.choice(name).and_then(|days| days.parse().ok())
}

fn function(record: &Record) -> FunctionSettings {
    let plain = FunctionSettings::default();
    FunctionSettings {
        memory_mb: record.whole("MemoryMb").unwrap_or(plain.memory_mb),
        timeout_seconds: record.whole("TimeoutSeconds").unwrap_or(plain.timeout_seconds),
        temp_mb: record.whole("TempMb"),
        concurrency: record.whole("Concurrency"),
        log_days: days(record, "LogDays").unwrap_or(plain.log_days),
        deploy: record.choice("Deploy").unwrap_or(plain.deploy),
        variables: own_pairs(record.pairs("Variables")),
    }
}

fn retries(record: &Record) -> Retries {
    let plain = Retries::default();
    Retries {
        attempts: record.whole("Attempts").unwrap_or(plain.attempts),
        max_age_seconds: record.whole("MaxAgeSeconds").unwrap_or(plain.max_age_seconds),
        bisect: record.flag("Bisect").unwrap_or(plain.bisect),
        keep_days: record.whole("KeepDays").unwrap_or(plain.keep_days),
    }
}

fn scheduled(record: &Record) -> Option<Scheduled> {
    let Some(Value::Schedule(at)) = record.get("At") else { return None };
    Some(Scheduled {
        name: record.name()?.clone(),
        at: at.clone(),
        zone: text(record, "Zone").unwrap_or_else(|| "UTC".to_owned()),
        starts: record.text("Starts")?.clone(),
        flex_minutes: record.whole("FlexMinutes"),
        enabled: record.flag("Enabled").unwrap_or(true),
        attempts: record.whole("Attempts").unwrap_or(3),
        max_age_seconds: record.whole("MaxAgeSeconds").unwrap_or(3600),
    })
}

fn flow(record: &Record) -> Option<Flow> {
    let steps = record
        .list("Steps")
        .iter()
        .filter_map(|step| Some(Step { name: step.name()?.clone(), kind: step.kind?, written: step.clone() }));
    Some(Flow {
        name: record.name()?.clone(),
        timeout_minutes: record.whole("TimeoutMinutes").unwrap_or(1440),
        steps: steps.collect(),
    })
}

fn metric_of(record: &Record) -> Option<Metric> {
    match record.get("Metric")? {
        Value::Metric(metric) => Some(metric.clone()),
        _ => None,
    }
}

fn watch(record: &Record) -> Option<Watch> {
    let below = record.number("Below");
    Some(Watch {
        name: record.name()?.clone(),
        description: text(record, "Description"),
        metric: metric_of(record)?,
        of: record.text("Of").cloned(),
        statistic: record.choice("Statistic").unwrap_or("Sum"),
        threshold: record.number("Above").or(below)?,
        below: below.is_some(),
        periods: record.whole("Periods").unwrap_or(1),
        period_seconds: record.whole("PeriodSeconds").unwrap_or(60),
        missing: record.choice("Missing").unwrap_or("notBreaching"),
    })
}

fn chart(record: &Record) -> Option<Chart> {
    Some(Chart {
        title: text(record, "Name")?,
        metric: metric_of(record)?,
        of: record.text("Of").cloned(),
        statistic: record.choice("Statistic").unwrap_or("Sum"),
    })
}

fn secret(record: &Record) -> Option<Secret> {
    Some(Secret { name: record.name()?.clone(), arn: record.get("Arn").and_then(arn_of) })
}

fn parameter(record: &Record) -> Option<Parameter> {
    Some(Parameter {
        name: record.name()?.clone(),
        is_number: record.choice("Kind") == Some("number"),
        default: text(record, "Default"),
        choices: values(record.texts("Choices")),
        description: text(record, "Description"),
    })
}

fn environment(record: &Record) -> Option<Environment> {
    let name = record.name()?.value.clone();
    let plain = Environment::called(&name);
    Some(Environment {
        account: text(record, "Account"),
        region: text(record, "Region"),
        protect: record.flag("Protect").unwrap_or(plain.protect),
        emails: values(record.texts("Emails")),
        log_days: days(record, "LogDays"),
        values: own_pairs(record.pairs("Values")),
        ..plain
    })
}
