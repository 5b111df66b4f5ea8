//! First texts of new documents: small, valid, and about the project's own data and streams where it has
//! some.

use std::path::Path;

use dtc_lang::Document;
use dtc_lang::document::{AggregateKind, Streaming};
use studio_api::{ApiError, DocumentKind};

use crate::documents;
use crate::error::invalid;
use crate::guess::Guess;

/// The file's name for what the user typed: the ending and `functions/` are added where they lack.
pub(crate) fn file_name(typed: &str, kind: DocumentKind) -> Result<String, ApiError> {
    let typed = typed.trim();
    Ok(match kind {
        DocumentKind::Function => {
            let stem = typed.strip_prefix("functions/").unwrap_or(typed);
            let stem = stem.strip_suffix(".rhai").unwrap_or(stem);
            format!("functions/{}.rhai", identifier(stem))
        }
        DocumentKind::Unknown => return Err(invalid("Choose a kind of document first.")),
        _ if typed.ends_with(".yaml") || typed.ends_with(".yml") => typed.to_owned(),
        _ => format!("{typed}.yaml"),
    })
}

/// A text that is valid as it stands.
pub(crate) fn first_text(root: &Path, file: &str, kind: DocumentKind) -> Result<String, ApiError> {
    let stem = file.rsplit('/').next().unwrap_or(file).split('.').next().unwrap_or(file);
    let name = identifier(stem);
    Ok(match kind {
        DocumentKind::Streaming => fitted(STREAMING, &name, root),
        DocumentKind::Window => window(root, &name)?,
        DocumentKind::Attribution => fitted(ATTRIBUTION, &name, root),
        DocumentKind::Join => fitted(JOIN, &name, root),
        DocumentKind::Pipeline => PIPELINE.replace("{name}", &name),
        DocumentKind::Function => FUNCTION.replace("{name}", &name),
        DocumentKind::Unknown => return Err(invalid("Choose a kind of document first.")),
    })
}

/// The text with the fields that the project's data seems to have.
fn fitted(text: &str, name: &str, root: &Path) -> String {
    let guess = Guess::of_project(root);
    let hint = match guess.is_founded {
        true => "# Guessed from the fields of the data: look whether it is right.\n",
        false => "",
    };
    let import = match guess.imports_datetime {
        true => "Import:\n  - { Module: datetime, Identifiers: [datetime, timezone] }\n\n",
        false => "",
    };
    let fields = [
        ("{hint}", hint),
        ("{import}", import),
        ("{identity}", &guess.identity),
        ("{time}", &guess.time),
        ("{touch_when}", &guess.touch.0),
        ("{touch}", &guess.touch.1),
        ("{conversion}", &guess.conversion),
    ];
    let text = text.replace("{name}", name).replace("{event}", &guess.event);
    fields.iter().fold(text, |text, (mark, value)| text.replace(mark, value))
}

/// A window document needs blocks to look at: those of the first streaming document that has any.
fn window(root: &Path, name: &str) -> Result<String, ApiError> {
    for document in documents::list(root)?.iter().filter(|document| document.kind == DocumentKind::Streaming) {
        let text = documents::read(root, &document.name)?.text;
        let Some(Document::Streaming(streaming)) = dtc_lang::read_document(&text, &dtc_lang::Project::default()) else {
            continue;
        };
        if let Some((blocks, field)) = blocks(&streaming) {
            return Ok(WINDOW
                .replace("{name}", name)
                .replace("{stream}", &streaming.header.name.value)
                .replace("{blocks}", &blocks)
                .replace("{field}", &field));
        }
    }
    Err(invalid(
        "A window document looks at the blocks of a streaming document. Make one with a Block, Session or Activity aggregate first.",
    ))
}

fn blocks(streaming: &Streaming) -> Option<(String, String)> {
    let is_block = |kind: &AggregateKind| {
        matches!(kind, AggregateKind::Block { .. } | AggregateKind::Session { .. } | AggregateKind::Activity { .. })
    };
    let aggregate = streaming.aggregates.iter().find(|aggregate| is_block(&aggregate.kind))?;
    Some((aggregate.name.value.clone(), aggregate.fields.first()?.name.value.clone()))
}

fn identifier(text: &str) -> String {
    let kept: String = text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let kept = kept.trim_matches('_');
    match kept.chars().next() {
        None => "document".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("n{kept}"),
        Some(_) => kept.to_owned(),
    }
}

const STREAMING: &str = "\
Type: ProductML:DTC:Streaming
Version: '2018-03-01'
Name: {name}
Description: What one user does, event by event

{import}{hint}Identity: {identity}
Time: {time}

Stores:
  - Type: ProductML:DTC:Store:MemoryStore
    Name: memory

Aggregates:
  - Type: ProductML:DTC:Aggregate:Identity
    Name: user
    Store: memory
    Fields:
      - Name: events
        Type: integer
        Value: user.events + 1

  - Type: ProductML:DTC:Aggregate:Activity
    Name: visit
    Store: memory
    SeparateByInactiveSeconds: 1800
    Fields:
      - Name: events
        Type: integer
        Value: visit.events + 1
";

const WINDOW: &str = "\
Type: ProductML:DTC:Window
Version: '2018-03-01'
Name: {name}
SourceDTC: {stream}
Description: What the week before each block looked like

Anchor:
  Condition: 'True'

Aggregates:
  - Type: ProductML:DTC:Aggregate:Window
    Name: last_week
    WindowType: day
    WindowValue: -7
    Source: {stream}.{blocks}
    Fields:
      - Name: blocks
        Type: integer
        Value: len(source.{field})
";

const ATTRIBUTION: &str = "\
Type: ProductML:DTC:Attribution
Version: '2018-03-01'
Name: {name}
Description: Which touch points lead to a conversion

{import}{hint}Identity: {identity}
Time: {time}

Touch:
  When: {touch_when}
  Value: {touch}
Conversion:
  When: {conversion}
Models: [first, last, linear, shapley, markov]
";

const JOIN: &str = "\
Type: ProductML:DTC:Join
Version: '2018-03-01'
Name: {name}
Description: The reward that each decision earned

{import}Key: source.decision_id
{hint}Time: {time}
Window: 10
Default: 0

Decision:
  When: {event} == 'decision'
  Action: source.action
Reward:
  When: {event} == 'reward'
  Value: float(source.value)
";

const PIPELINE: &str = "\
Type: ProductML:DTC:Pipeline
Version: '2018-03-01'
Name: {name}
Description: How this project is deployed

Sources:
  - Type: kinesis
    Name: events
Dedup: sequence
Environments:
  - Name: dev
  - Name: qa
  - Name: prod
";

const FUNCTION: &str = "\
// Used in a document by:
//   Import:
//     - Module: functions/{name}
//       Identifiers: [rounded]
// and then, in an expression: rounded(source.price, 2)

fn rounded(number, digits) {
    let shift = 10.0 ** digits;
    (number * shift).round() / shift
}
";
