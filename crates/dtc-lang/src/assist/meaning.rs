//! What attributes and types mean, in a sentence or two each: for completion and hover.

/// An attribute's meaning; `path` tells a document's `Window` from an aggregate's.
pub fn attribute(path: &[&str], name: &str) -> Option<&'static str> {
    let inside = path.last().map_or(String::new(), |key| key.to_lowercase());
    let text = match (inside.as_str(), name.to_lowercase().as_str()) {
        ("sources" | "sinks", name @ ("type" | "name" | "topic" | "stream")) => return Some(of_outlet(name)),
        ("stores" | "store", "type") => {
            "What kind of store: memory, DynamoDB or S3; of scores PostgreSQL, Redshift, Snowflake or S3."
        }
        ("fields" | "dimensions", "type") => "The field's type; `string` where it is missing.",
        ("window", "type") | (_, "windowtype") => "What the window is measured in: `day`, `hour` or `count`.",
        (_, "type") => "What this part is; its other attributes depend on it.",
        ("window", "value") | (_, "windowvalue") => {
            "How far the window reaches from the anchor: negative before it, positive after it. Not 0."
        }
        ("reward", "value") => "Expression: the reward, a number.",
        ("touch", "value") => "Expression: the name of the touch point.",
        ("touch", "cost") => "Expression: what the touch cost, a number; sums stand beside the credits.",
        ("conversion", "value") => "Expression: what the conversion is worth, a number.",
        (_, "value") => {
            "Expression: the field's new value. Where it fails, the old value stays and the failure is counted."
        }
        (_, "name") => "The name that expressions use: letters, digits and `_`, not beginning with `_` or `run_`.",
        (_, "version") => "The version of the language: `'2018-03-01'`.",
        (_, "description") => "Words for people.",
        (_, "compatibility") => "`blurr`: rows exactly as Blurr makes them, its oddities included.",
        ("import", "module") => {
            "A module of Python that the language knows, or `functions/NAME` for your own Rhai functions."
        }
        ("import", "identifiers") => "The names to import; without it the module itself is known.",
        (_, "import") => "Modules and functions for the expressions of this document.",
        ("milestone", "when" | "filter") => "Expression: true for records that mark the milestone of their journey.",
        ("conversion", "when" | "filter") => "Expression: true for events that are conversions.",
        ("decision", "when" | "filter") => "Expression: true for events that are decisions.",
        ("reward", "when" | "filter") => "Expression: true for events that carry a reward.",
        ("override", "when" | "filter") => "Expression: true for events that take a decision back.",
        (_, "when" | "filter") => "Expression: where it is false, nothing here changes.",
        (_, "identity") => "Expression: who the event belongs to. Events without one are listed as unusable.",
        (_, "time") => "Expression: the event's moment, a datetime. `parse_time(source.field)` reads ISO 8601 text.",
        (_, "eventid") => "Expression: an id that counts once, across batches too.",
        (_, "lateness") => {
            "Seconds that an event may be older than the last one of its identity in earlier batches; older ones are left out and counted. Without it they are all used."
        }
        ("", "stores" | "store") => "Where records are kept, aggregates name one of them; or where scores are written.",
        (_, "store") => "Name of the store that keeps this aggregate's records.",
        ("", "aggregates" | "datagroups") => "What is computed, in this order for each event.",
        (_, "fields") => "The values that this aggregate keeps, computed in this order.",
        (_, "dimensions") => "One record per distinct values of these fields, of type `integer` or `string`.",
        (_, "split") => "Expression over the state before the event: where it is `True`, a new session begins.",
        (_, "separatebyinactiveseconds") => "A new block begins after so many seconds without an event.",
        (_, "sourcebts" | "sourcedtc") => "Name of the streaming document whose blocks this one looks at.",
        (_, "retention" | "retentiondays") => "Days that a record is kept in the deployed table.",
        (_, "table") => "Name of the table: of DynamoDB for records, of a warehouse for scores.",
        (_, "readcapacityunits") => "Provisioned reads per second; on demand where it is missing.",
        (_, "writecapacityunits") => "Provisioned writes per second; on demand where it is missing.",
        (_, "bucket") => "Name of the S3 bucket.",
        (_, "prefix") => "Folder in the bucket.",
        (_, "touch") => "Which events are touches, and what the touch point is called.",
        (_, "conversion") => "Which events are conversions.",
        (_, "models" | "model") => "How credit is given to touch points.",
        (_, "milestone") => {
            "Which records mark a milestone, such as a lead; the touch right before it is what `w` looks for."
        }
        ("stores", name @ ("host" | "port" | "account" | "database" | "schema" | "warehouse" | "role" | "user")) => {
            return of_warehouse(name);
        }
        ("stores", name @ ("format" | "events")) => return of_warehouse(name),
        ("journeys" | "doubt", name) | ("", name @ ("journeys" | "doubt")) => return of_journeys(name),
        (inside, name) => return of_join(name).or_else(|| of_window(inside, name)),
    };
    Some(text)
}

/// Of join documents.
fn of_join(name: &str) -> Option<&'static str> {
    Some(match name {
        "key" => "Expression: what a decision and its rewards have in common.",
        "default" => "The reward of a decision that got none in time.",
        "decision" => "Which events are decisions, and the action that was chosen.",
        "reward" => "Which events carry a reward, and how much.",
        "override" => "Which events take a decision back.",
        "action" => "Expression: the action that was chosen.",
        "activation" => "Which events say that a decision was shown; others leave no record.",
        "probability" => "Expression: with which probability that action was chosen.",
        "context" => "Expression: what was known when it was chosen.",
        "aggregation" => {
            "How several rewards become one: `last`, `first`, `sum`, `mean`, `median`, `min`, `max`; `each` leaves a record for each."
        }
        "earlytolerance" => "Seconds that a reward may be earlier than its decision.",
        "duplicates" => "Whether of several decisions of a key the `first` leaves a record, or `every` one.",
        "policies" | "policy" => "Policies to judge by what was logged: what each would have earned.",
        "kind" => {
            "`logged`, `uniform`, `constant` (with `Action`), `expression` or `column` (with `Value`), `file` (with `File`)."
        }
        "file" => "A table of the project: `action`, `probability`, and columns that say for which decisions.",
        "remember" => "Seconds that a running service knows a key after its window.",
        "scope" => {
            "`until_end`: an override at any time up to the window's end counts. `in_window`: only from the decision on."
        }
        "sources" => "What the service reads beside HTTP: raw events, for the expressions of this document.",
        "sinks" => "Where the service's records go; without it they stay in files of its own folder.",
        "folder" => "Folder of JSON Lines files; where it is relative, from where the service is started.",
        "rotatemegabytes" => "A new file is begun after so many megabytes; 64 where it is missing.",
        "url" => "Where records are posted to as JSON Lines, `http://` or `https://`.",
        "tokenvariable" => "Name of an environment variable; its value is sent as `Authorization: Bearer …`.",
        "brokers" => "`host:port` of Kafka's or Redpanda's brokers, several separated by commas.",
        "region" => "Region of AWS; the environment's where it is missing.",
        "tls" => "Whether the brokers are spoken to over TLS.",
        "certificates" => "A file (PEM) of the authorities to trust; without it those of the system. Says `Tls` too.",
        "mechanism" => "How the service logs in at the brokers (SASL).",
        "user" => "Who logs in at the brokers.",
        "passwordvariable" => "Name of the environment variable that holds the password; a document holds none.",
        "endpoint" => "Another address than AWS's, for a server on this machine.",
        _ => return None,
    })
}

/// Of the stores of attribution documents.
fn of_warehouse(name: &str) -> Option<&'static str> {
    Some(match name {
        "host" => "Where the server is; `PGHOST` or this machine where it is missing.",
        "port" => "The server's port; 5432 where it is missing, of Redshift 5439.",
        "account" => "Name of the Snowflake account, such as `myorg-account1`.",
        "database" => "Name of the database.",
        "schema" => "Name of the schema; the server's own choice where it is missing.",
        "warehouse" => "Name of the virtual warehouse that computes; the user's where it is missing.",
        "role" => "Name of the role; the user's where it is missing.",
        "user" => {
            "Who writes and reads. The password is never written here: `DTC_NAME_PASSWORD` or the keychain has it."
        }
        "format" => "`parquet`, or `csv`.",
        "events" => "The table of raw events, in S3 their prefix, that `dtc attribute --from` reads.",
        _ => return None,
    })
}

/// What sources and sinks call as other parts do.
fn of_outlet(name: &str) -> &'static str {
    match name {
        "type" => "What kind it is: `files`, `kafka`, `kinesis`; of a sink also `stdout`, `http`.",
        "name" => "What metrics and pages call it; its type where it is missing. How far it came is kept by this name.",
        "topic" => "Name of the topic.",
        _ => "Name of the stream.",
    }
}

/// Of attribution documents: how journeys are made, and how far credits can be trusted.
fn of_journeys(name: &str) -> Option<&'static str> {
    Some(match name {
        "journeys" => "How events become journeys; without it, each identity's touches up to its first conversion.",
        "doubt" => {
            "How far the credits can be trusted: intervals, ranks and halves. Seeded, so they come out the same."
        }
        "cycles" => "`first`: a journey ends at the first conversion. `repeat`: every conversion ends one.",
        "lookbackdays" => "Touches more days than that before the end of their journey are left out.",
        "repeatwithinseconds" => "A touch that follows the same touch point within so many seconds is left out.",
        "exclude" => "Touch points that are left out before anything is counted.",
        "top" => "So many of the most frequent touch points stay; the rest is called `Others`.",
        "others" => "What the rest is called; `others` where it is missing.",
        "groups" => "Touch points and the group that they are shown as; `null` leaves their touches out.",
        "replicates" => "Times that journeys are drawn anew for intervals; 0 for none.",
        "splits" => "Times that journeys are split into halves.",
        "seed" => "A whole number; the same one draws the same journeys.",
        _ => return None,
    })
}

/// Of window documents, and of what other kinds call a window.
fn of_window(inside: &str, name: &str) -> Option<&'static str> {
    let text = match (inside, name) {
        ("", "anchor") => "The blocks that get a row of features.",
        (_, "condition") => "Expression: true for blocks that are anchors.",
        (_, "max") => "At most so many anchors, per day of an identity unless `MaxPer` says otherwise.",
        (_, "maxper") => "What `Max` counts over: `day`, `identity` or `run`.",
        (_, "pick") => "Which anchors stay where `Max` leaves some out: the `first`, or `random` ones by the `Seed`.",
        (_, "seed") => "A whole number; the same one picks the same anchors.",
        (_, "calendar") => {
            "`true`: whole days or hours of the `Zone` before or after the anchor's own; a block at the lower end belongs to it."
        }
        (_, "zone") => "The time zone of the calendar, such as `Europe/Berlin`; UTC where it is missing.",
        (_, "asof") => "Which moment identity aggregates show: the anchor's `start`, its `end`, or the `final` state.",
        ("anchor", "source") => "`stream.aggregate`: which blocks can be anchors, where there are several kinds.",
        ("", "source") => "`stream.aggregate`: blocks of a streaming document that are read instead of raw events.",
        (_, "source") => "`stream.aggregate`: the blocks that the window gathers.",
        (_, "missing") => "`default` keeps a row whose window lacks data; `drop` leaves it out, as Blurr does.",
        (_, "bounds") => "Whether blocks exactly at the window's ends belong to it: `()`, `[)`, `(]` or `[]`.",
        ("aggregates" | "datagroups", "window") => "The window around the anchor, as documents of 2018-03 write it.",
        (_, "window") => "Seconds after its decision in which a reward counts.",
        _ => return None,
    };
    Some(text)
}

/// What a name that may stand as a `Type` means.
pub fn type_name(name: &str) -> Option<&'static str> {
    let lower = name.to_lowercase();
    let last = lower.rsplit(':').next().unwrap_or(&lower);
    Some(match last {
        "streaming" => "Events to identities, blocks and variables.",
        "window" if lower.contains("aggregate") || lower.contains("datagroup") => {
            "Features over the blocks around the anchor."
        }
        "window" => "Blocks to rows of features around an anchor.",
        "attribution" => "Journeys to credit per touch point.",
        "join" => "Decisions joined with their rewards.",
        "pipeline" => "What becomes infrastructure: sources, schedules, flows, alarms, environments.",
        "identity" | "identityaggregate" => "One record per identity.",
        "block" | "blockaggregate" => "One record per distinct `Dimensions`, with its start and end.",
        "session" | "sessionaggregate" => "A record in time; a new one wherever `Split` is true.",
        "activity" | "activityaggregate" => "A record in time; a new one after a gap without events.",
        "variable" | "variableaggregate" => "Values of one event, for other expressions; they start anew each time.",
        "windowaggregate" | "anchoraggregate" => "Features over the blocks around the anchor.",
        "memory" | "memorystore" => "Kept while it runs.",
        "dynamo" | "dynamodb" => "A DynamoDB table when it is deployed.",
        "s3" => "Files in a bucket when it is deployed.",
        "integer" => "Whole numbers of any size; begins at 0.",
        "float" => "Floating-point numbers; begins at 0.0.",
        "string" => "Text; begins empty.",
        "boolean" => "True or false; begins false.",
        "datetime" => "A moment; begins empty.",
        "map" => "Keys to values; begins empty. `set` and `increment` change it.",
        "list" => "Values in order; begins empty. `append` adds one.",
        "set" => "Distinct values; begins empty. `add` adds one.",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect;
    use crate::dialect::DocumentKind;
    use crate::read::known;

    #[test]
    fn every_attribute_and_type_has_a_meaning() {
        let kinds = [DocumentKind::Streaming, DocumentKind::Window, DocumentKind::Attribution, DocumentKind::Join];
        let paths: [&[&str]; 15] = [
            &[],
            &["Import"],
            &["Stores"],
            &["Aggregates"],
            &["Aggregates", "Fields"],
            &["Aggregates", "Window"],
            &["Anchor"],
            &["Touch"],
            &["Conversion"],
            &["Decision"],
            &["Reward"],
            &["Override"],
            &["Activation"],
            &["Sources"],
            &["Sinks"],
        ];
        for (kind, path) in kinds.into_iter().flat_map(|kind| paths.map(|path| (kind, path))) {
            for known in known(kind, path, &[]).unwrap_or_default() {
                assert!(attribute(path, known.name).is_some(), "{path:?} {}", known.name);
            }
        }
        let types = [dialect::DOCUMENT_TYPES, dialect::STREAMING_AGGREGATES, dialect::WINDOW_AGGREGATES];
        for name in types.into_iter().flatten().chain(dialect::STORE_TYPES).chain(dialect::FIELD_TYPES) {
            assert!(type_name(name).is_some(), "{name}");
        }
    }
}
