//! The names that the language had over time (LANGUAGE.md B.1), all accepted without regard to case.

/// What a document's `Type` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentKind {
    Streaming,
    Window,
    Attribution,
    Join,
    Pipeline,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AggregateType {
    Identity,
    /// With `Dimensions`, or with `Split` as until 2018-06.
    Block,
    Session,
    Activity,
    Variable,
    Window,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreType {
    Memory,
    Dynamo,
    S3,
}

/// A store of an attribution document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WarehouseType {
    Postgres,
    Redshift,
    Snowflake,
    S3,
}

/// Canonical names, for "did you mean" and completion.
pub const DOCUMENT_TYPES: &[&str] = &[
    "ProductML:DTC:Streaming",
    "ProductML:DTC:Window",
    "ProductML:DTC:Attribution",
    "ProductML:DTC:Join",
    "ProductML:DTC:Pipeline",
    "Blurr:Transform:Streaming",
    "Blurr:Transform:Window",
];
pub const STREAMING_AGGREGATES: &[&str] = &[
    "ProductML:DTC:Aggregate:Identity",
    "ProductML:DTC:Aggregate:Block",
    "ProductML:DTC:Aggregate:Session",
    "ProductML:DTC:Aggregate:Activity",
    "ProductML:DTC:Aggregate:Variable",
    "Blurr:Aggregate:Identity",
    "Blurr:Aggregate:Block",
    "Blurr:Aggregate:Activity",
    "Blurr:Aggregate:Variable",
    "ProductML:DTC:DataGroup:IdentityAggregate",
    "ProductML:DTC:DataGroup:SessionAggregate",
    "ProductML:DTC:DataGroup:BlockAggregate",
    "ProductML:DTC:DataGroup:VariableAggregate",
];
pub const WINDOW_AGGREGATES: &[&str] = &[
    "ProductML:DTC:Aggregate:Window",
    "ProductML:DTC:Aggregate:Variable",
    "Blurr:Aggregate:Window",
    "Blurr:Aggregate:Variable",
    "ProductML:DTC:DataGroup:AnchorAggregate",
    "ProductML:DTC:DataGroup:WindowAggregate",
    "ProductML:DTC:DataGroup:VariableAggregate",
];
pub const STORE_TYPES: &[&str] = &[
    "ProductML:DTC:Store:Memory",
    "ProductML:DTC:Store:Dynamo",
    "ProductML:DTC:Store:S3",
    "Blurr:Store:Memory",
    "Blurr:Store:Dynamo",
    "ProductML:DTC:Store:MemoryStore",
    "ProductML:DTC:Storage:DynamoDB",
    "ProductML:DTC:Storage:S3",
];
/// Stores of attribution documents.
pub const WAREHOUSE_TYPES: &[&str] = &[
    "ProductML:DTC:Store:Postgres",
    "ProductML:DTC:Store:Redshift",
    "ProductML:DTC:Store:Snowflake",
    "ProductML:DTC:Store:S3",
];
pub const FIELD_TYPES: &[&str] = &["integer", "float", "string", "boolean", "datetime", "map", "list", "set"];
pub const VERSIONS: &[&str] = &["2018-03-01", "2018-03-07"];

pub fn document_kind(name: &str) -> Option<DocumentKind> {
    let name = name.to_lowercase();
    let last = strip(&name, &["productml:dtc:", "blurr:transform:", "blurr:dtc:", "blurr:"])?;
    match last {
        "streaming" => Some(DocumentKind::Streaming),
        "window" => Some(DocumentKind::Window),
        "attribution" => Some(DocumentKind::Attribution),
        "join" => Some(DocumentKind::Join),
        "pipeline" => Some(DocumentKind::Pipeline),
        _ => None,
    }
}

pub fn aggregate_type(name: &str) -> Option<AggregateType> {
    let name = name.to_lowercase();
    let prefixes = ["productml:dtc:datagroup:", "productml:dtc:aggregate:", "blurr:datagroup:", "blurr:aggregate:"];
    let last = strip(&name, &prefixes)?;
    match last.strip_suffix("aggregate").unwrap_or(last) {
        "identity" => Some(AggregateType::Identity),
        "block" => Some(AggregateType::Block),
        "session" => Some(AggregateType::Session),
        "activity" => Some(AggregateType::Activity),
        "variable" => Some(AggregateType::Variable),
        "window" | "anchor" => Some(AggregateType::Window),
        _ => None,
    }
}

pub fn store_type(name: &str) -> Option<StoreType> {
    let name = name.to_lowercase();
    let prefixes = ["productml:dtc:storage:", "productml:dtc:store:", "blurr:storage:", "blurr:store:"];
    let last = strip(&name, &prefixes)?;
    match last.strip_suffix("store").unwrap_or(last) {
        "memory" => Some(StoreType::Memory),
        "dynamo" | "dynamodb" => Some(StoreType::Dynamo),
        "s3" => Some(StoreType::S3),
        _ => None,
    }
}

pub fn warehouse_type(name: &str) -> Option<WarehouseType> {
    let name = name.to_lowercase();
    match strip(&name, &["productml:dtc:store:"])? {
        "postgres" | "postgresql" => Some(WarehouseType::Postgres),
        "redshift" => Some(WarehouseType::Redshift),
        "snowflake" => Some(WarehouseType::Snowflake),
        "s3" => Some(WarehouseType::S3),
        _ => None,
    }
}

/// Whether the type of a document is a name of 2018-03 or the weeks after, when `parser` needed no
/// import and blocks had `start_time` and `end_time`. Its `ProductML` names are today's as well.
pub fn is_of_2018_03(document_type: &str) -> bool {
    let name = document_type.to_lowercase();
    name.starts_with("productml:dtc:") || matches!(name.as_str(), "blurr:streaming" | "blurr:window")
}

/// Whether the type of a document is one of Blurr's names.
pub fn is_of_blurr(document_type: &str) -> bool {
    document_type.to_lowercase().starts_with("blurr:")
}

fn strip<'n>(name: &'n str, prefixes: &[&str]) -> Option<&'n str> {
    prefixes.iter().find_map(|prefix| name.strip_prefix(prefix))
}
