//! What stands in the way of a deployment: names that AWS refuses, state where it cannot be kept. Each
//! refusal names the place in the document and the cure; codes are 06xx.

use std::collections::HashMap;

use dtc_lang::document::{Aggregate, Store, StoreKind};
use dtc_lang::{Code, Diagnostic, Label, Severity, Span};

use crate::{Input, names};

/// Code and title of each refusal; `docs/errors-export` explains them.
pub const CODES: [(&str, &str); 11] = [
    ("DTC0601", "A table's name cannot be used in DynamoDB"),
    ("DTC0602", "A bucket's name cannot be used in S3"),
    ("DTC0603", "Two stores would become the same resource"),
    ("DTC0604", "An aggregate is kept in a store that cannot hold state"),
    ("DTC0605", "A field's name is taken by the table itself"),
    ("DTC0606", "A file's name cannot stand in a bundle"),
    ("DTC0607", "The function's program is missing"),
    ("DTC0608", "An export does not make a part of a pipeline yet"),
    ("DTC0609", "The function's program is for another processor"),
    ("DTC0610", "Events have no id to tell them apart by"),
    ("DTC0611", "Two sources would become the same resource"),
];

/// Attributes that the table has beside the fields.
pub const OWN_ATTRIBUTES: [&str; 4] = ["partition_key", "range_key", "expires_at", "_exact"];

/// Every refusal, in order of the document.
pub fn check(input: &Input<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    check_files(input, &mut found);
    for store in &input.streaming.stores {
        check_store(store, store.name.span, &mut found);
    }
    // Refusals are shown in the streaming document: the window document's places do not exist there.
    for store in input.window.iter().flat_map(|window| &window.stores) {
        if matches!(store.kind, StoreKind::S3 { .. }) {
            check_store(store, input.streaming.header.name.span, &mut found);
        }
    }
    check_distinct(&input.streaming.stores, &mut found);
    for aggregate in &input.streaming.aggregates {
        check_aggregate(aggregate, &input.streaming.stores, &mut found);
    }
    found.sort_by_key(|diagnostic| diagnostic.primary.span);
    found
}

pub fn refusal(code: &str, message: String, span: Span, label: String, help: String) -> Diagnostic {
    Diagnostic {
        code: Code(code.to_owned()),
        severity: Severity::Error,
        message,
        primary: Label { span, text: label },
        others: Vec::new(),
        help: Some(help),
        fix: None,
    }
}

fn check_files(input: &Input<'_>, found: &mut Vec<Diagnostic>) {
    let place = input.streaming.header.name.span;
    if input.bootstrap.is_empty() {
        found.push(refusal(
            "DTC0607",
            "The function's program is missing".to_owned(),
            place,
            "this document needs it to run on AWS".to_owned(),
            "run `cargo xtask lambda`, then export again".to_owned(),
        ));
    }
    for (name, _) in input.files {
        let clean = !name.is_empty()
            && name.split('/').all(|part| !matches!(part, "" | "." | ".."))
            && name.chars().all(|c| !c.is_control() && !"\\:*?\"<>|".contains(c));
        if !clean {
            found.push(refusal(
                "DTC0606",
                format!("The file name `{}` cannot stand in a bundle", shortened(name)),
                place,
                "this document's project holds the file".to_owned(),
                "rename the file: no `..`, no backslash, none of `: * ? \" < > |`".to_owned(),
            ));
        }
    }
}

fn shortened(name: &str) -> String {
    name.chars().take(40).collect()
}

fn check_store(store: &Store, place: Span, found: &mut Vec<Diagnostic>) {
    match &store.kind {
        StoreKind::Dynamo { table, .. } if !names::is_table_name(table) => found.push(refusal(
            "DTC0601",
            format!("`{}` cannot name a DynamoDB table", shortened(table)),
            place,
            format!("`Table` of the store `{}` becomes the table's name", shortened(&store.name.value)),
            format!(
                "use 3 to 250 letters, digits, `_`, `.` or `-`, such as `Table: {}`",
                shortened(&names::nearest_table_name(table))
            ),
        )),
        StoreKind::S3 { bucket, .. } if !names::is_bucket_name(bucket) => found.push(refusal(
            "DTC0602",
            format!("`{}` cannot name an S3 bucket", shortened(bucket)),
            place,
            format!("`Bucket` of the store `{}` becomes the bucket's name", shortened(&store.name.value)),
            "use 3 to 58 small letters, digits, `-` or `.`, a letter or digit at both ends".to_owned(),
        )),
        _ => {}
    }
}

/// Stores whose logical ids or tables would be one.
fn check_distinct(stores: &[Store], found: &mut Vec<Diagnostic>) {
    let mut ids: HashMap<String, &Store> = HashMap::new();
    let mut tables: HashMap<&str, &Store> = HashMap::new();
    for store in stores {
        let earlier = ids.insert(names::logical_id(&store.name.value), store).or_else(|| match &store.kind {
            StoreKind::Dynamo { table, .. } => tables.insert(table, store),
            _ => None,
        });
        if let Some(earlier) = earlier {
            let mut refused = refusal(
                "DTC0603",
                format!(
                    "Stores `{}` and `{}` would become one table",
                    shortened(&earlier.name.value),
                    shortened(&store.name.value)
                ),
                store.name.span,
                "this one is the same on AWS".to_owned(),
                "give them names and tables that differ by more than `_` and capitals, or use one store".to_owned(),
            );
            refused.others.push(Label { span: earlier.name.span, text: "the other one".to_owned() });
            found.push(refused);
        }
    }
}

fn check_aggregate(aggregate: &Aggregate, stores: &[Store], found: &mut Vec<Diagnostic>) {
    let Some(wanted) = &aggregate.store else { return };
    let name = shortened(&aggregate.name.value);
    let store = stores.iter().find(|store| store.name.value == wanted.value);
    if store.is_some_and(|store| matches!(store.kind, StoreKind::S3 { .. })) {
        found.push(refusal(
            "DTC0604",
            format!("`{name}` is kept in S3, which cannot hold a stream's state"),
            wanted.span,
            "rows here change with every event".to_owned(),
            "use a store of the type `ProductML:DTC:Store:Dynamo`".to_owned(),
        ));
    }
    for field in aggregate.fields.iter().chain(aggregate.dimensions()) {
        if OWN_ATTRIBUTES.contains(&field.name.value.as_str()) {
            found.push(refusal(
                "DTC0605",
                format!("The field name `{}` is taken by the table itself", field.name.value),
                field.name.span,
                "rows in DynamoDB have an attribute of this name already".to_owned(),
                "rename the field".to_owned(),
            ));
        }
    }
}
