//! Whole parts of documents to be filled in: a field, an aggregate, a store, a document of each kind.

use super::place::Place;
use super::{Suggestion, SuggestionKind};
use crate::dialect::DocumentKind;

/// Name, words and text. Lines after the first stand below the first one's key.
type Written = (&'static str, &'static str, &'static str);

const FIELD: Written = (
    "field",
    "name, type and value",
    "Name: ${1:name}\nType: ${2|string,integer,float,boolean,datetime,map,list,set|}\nValue: $0",
);
const DIMENSION: Written =
    ("dimension", "one record per distinct value", "Name: ${1:name}\nType: ${2|string,integer|}\nValue: $0");
const MEMORY: Written = ("memory store", "kept while it runs", "Type: ProductML:DTC:Store:Memory\nName: ${1:memory}");
const DYNAMO: Written = (
    "DynamoDB store",
    "a table when it is deployed",
    "Type: ProductML:DTC:Store:Dynamo\nName: ${1:table}\nTable: ${2:records}",
);

const STREAMING: [Written; 5] = [
    (
        "identity aggregate",
        "one record per identity",
        "Type: ProductML:DTC:Aggregate:Identity\nName: ${1:user}\nStore: ${2:memory}\nFields:\n  - Name: ${3:events}\n    Type: integer\n    Value: ${3:events} + 1",
    ),
    (
        "activity aggregate",
        "sessions by inactivity",
        "Type: ProductML:DTC:Aggregate:Activity\nName: ${1:session}\nSeparateByInactiveSeconds: ${2:1800}\nStore: ${3:memory}\nFields:\n  - Name: ${4:events}\n    Type: integer\n    Value: ${4:events} + 1",
    ),
    (
        "session aggregate",
        "a new session wherever Split is true",
        "Type: ProductML:DTC:Aggregate:Session\nName: ${1:session}\nStore: ${2:memory}\nSplit: source.${3:session_id} != ${3:session_id}\nFields:\n  - Name: ${3:session_id}\n    Type: string\n    Value: source.${3:session_id}",
    ),
    (
        "block aggregate",
        "one record per dimensions",
        "Type: ProductML:DTC:Aggregate:Block\nName: ${1:session}\nStore: ${2:memory}\nDimensions:\n  - Name: ${3:session_id}\n    Type: string\n    Value: source.${3:session_id}\nFields:\n  - Name: ${4:events}\n    Type: integer\n    Value: ${4:events} + 1",
    ),
    (
        "variable aggregate",
        "values of one event",
        "Type: ProductML:DTC:Aggregate:Variable\nName: ${1:event}\nFields:\n  - Name: ${2:name}\n    Type: string\n    Value: $0",
    ),
];
const WINDOW: [Written; 2] = [
    (
        "window aggregate",
        "features over the blocks around the anchor",
        "Type: ProductML:DTC:Aggregate:Window\nName: ${1:last_week}\nWindowType: ${2|day,hour,count|}\nWindowValue: ${3:-7}\nSource: ${4:stream.session}\nFields:\n  - Name: ${5:events}\n    Type: integer\n    Value: sum(source.${5:events})",
    ),
    (
        "variable aggregate",
        "features made of other features",
        "Type: ProductML:DTC:Aggregate:Variable\nName: ${1:total}\nFields:\n  - Name: ${2:name}\n    Type: float\n    Value: $0",
    ),
];

/// The parts that can begin at a key's place where nothing of the mapping is written yet.
pub fn parts(place: &Place, kind: Option<DocumentKind>) -> Vec<Suggestion> {
    if !place.siblings.is_empty() || !place.in_item {
        return Vec::new();
    }
    let inside = place.path.last().map_or(String::new(), |key| key.to_lowercase());
    let written: &[Written] = match inside.as_str() {
        "fields" => &[FIELD],
        "dimensions" => &[DIMENSION],
        "stores" => &[MEMORY, DYNAMO],
        "aggregates" | "datagroups" if kind == Some(DocumentKind::Window) => &WINDOW,
        "aggregates" | "datagroups" => &STREAMING,
        _ => &[],
    };
    written.iter().map(suggestion).collect()
}

fn suggestion((name, words, text): &Written) -> Suggestion {
    Suggestion {
        label: (*name).to_owned(),
        // The editor repeats the line's blanks, not its dash.
        insert: text.replace('\n', "\n  "),
        snippet: true,
        kind: SuggestionKind::Part,
        detail: (*words).to_owned(),
        documentation: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Project, check};
    use crate::document::Document;

    /// With every place filled in as it is proposed.
    fn filled(text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('0') {
                out.push('1');
                rest = after;
                continue;
            }
            let end = rest.find('}').unwrap();
            let inner = &rest[3..end];
            out.push_str(inner.trim_end_matches('|').split(',').next().unwrap());
            rest = &rest[end + 1..];
        }
        out + rest
    }

    fn item(text: &str) -> String {
        format!("  - {}\n", filled(text).replace('\n', "\n    "))
    }

    #[test]
    fn every_part_is_valid_as_proposed() {
        let head = "Type: ProductML:DTC:Streaming\nVersion: '2018-03-01'\nName: stream\nIdentity: source.a\nTime: parse_time(source.t)\nStores:\n";
        for store in [MEMORY, DYNAMO] {
            for part in STREAMING {
                let text = format!("{head}{}Aggregates:\n{}", item(store.2), item(part.2));
                let text = text.replace(
                    "Store: memory",
                    &format!("Store: {}", filled(store.2).rsplit("Name: ").next().unwrap().lines().next().unwrap()),
                );
                let (document, found) = check(&text, &Project::default());
                assert!(found.is_empty(), "{found:?}\n{text}");
                let Some(Document::Streaming(streaming)) = document else { panic!("{text}") };
                if part.0 != "activity aggregate" {
                    continue;
                }
                for part in WINDOW {
                    let head = "Type: ProductML:DTC:Window\nVersion: '2018-03-01'\nName: rows\nAnchor:\n  Condition: stream.session.events > 0\n";
                    let text = format!("{head}SourceDTC: stream\nAggregates:\n{}", item(part.2));
                    let project = Project { streaming: vec![streaming.clone()], ..Project::default() };
                    let (_, found) = check(&text, &project);
                    assert!(found.is_empty(), "{found:?}\n{text}");
                }
            }
        }
    }
}
