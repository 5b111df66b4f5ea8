//! Random window documents over a random stream.

use super::expressions::TYPES;
use super::stream::{Declared, Stream};
use super::{AggregateGenes, Choices, Genes, Times, WindowGenes, quoted};

/// `None` where the stream has no blocks.
pub fn document(genes: &WindowGenes, stream: &Stream, times: Times) -> Option<String> {
    let blocks: Vec<&Declared> = stream.aggregates.iter().filter(|aggregate| aggregate.has_times()).collect();
    let mut choices = Choices::new(&genes.head);
    let anchor = *blocks.get(choices.below(blocks.len()))?;
    let aggregates: Vec<Own> = genes.aggregates.iter().enumerate().map(|own| Own::new(own, &blocks)).collect();
    let place = Place { stream, anchor, above: &[], source: None, own: &[] };
    let mut text = "Type: ProductML:DTC:Window\nVersion: '2018-03-01'\nName: w\nSourceDTC: s\n".to_owned();
    if choices.one_in(4) {
        text += &format!("When: {}\n", quoted(&condition(&mut choices, &place)));
    }
    let always = choices.below(2) == 0;
    let asked = if always { "True".to_owned() } else { condition(&mut choices, &place) };
    text += &format!("Anchor:\n  Source: s.{}\n  Condition: {}\n", anchor.name, quoted(&asked));
    let mut periods = vec!["day"];
    // Blurr counts by day only.
    periods.extend((!stream.blurr).then_some("identity"));
    periods.extend((!stream.blurr && times == Times::Any).then_some("run"));
    if choices.one_in(3) {
        text += &format!("  Max: {}\n  MaxPer: {}\n", choices.of(&[1, 2]), choices.of(&periods));
    }
    if choices.one_in(2) {
        text += &format!("  AsOf: {}\n", choices.of(&["start", "end", "final"]));
    }
    text += "Aggregates:\n";
    for (index, (own, genes)) in aggregates.iter().zip(&genes.aggregates).enumerate() {
        let place = Place { stream, anchor, above: &aggregates[..index], source: own.source, own: &own.fields };
        text += &own.text(genes, &place);
    }
    Some(text)
}

/// An aggregate of the window document.
struct Own<'s> {
    name: String,
    /// Whose blocks its window holds; `None`: a Variable.
    source: Option<&'s Declared>,
    fields: Vec<(String, &'static str)>,
}

struct Place<'s> {
    stream: &'s Stream,
    anchor: &'s Declared,
    above: &'s [Own<'s>],
    source: Option<&'s Declared>,
    own: &'s [(String, &'static str)],
}

impl<'s> Own<'s> {
    fn new((index, genes): (usize, &AggregateGenes), blocks: &[&'s Declared]) -> Own<'s> {
        let mut choices = Choices::new(&genes.head);
        let windowed = !choices.one_in(5);
        let source = windowed.then(|| blocks[choices.below(blocks.len())]);
        let fields = genes.fields.iter().enumerate();
        let fields = fields.map(|(place, genes)| (format!("g{place}"), Choices::new(genes).of(&TYPES)));
        Own { name: format!("w{index}"), source, fields: fields.collect() }
    }

    fn text(&self, genes: &AggregateGenes, place: &Place) -> String {
        let mut choices = Choices::new(&genes.head);
        // The source was chosen with the first two.
        choices.below(1);
        choices.below(1);
        let kind = if self.source.is_some() { "Window" } else { "Variable" };
        let mut text = format!("  - Type: ProductML:DTC:Aggregate:{kind}\n    Name: {}\n", self.name);
        if let Some(source) = self.source {
            text += &window(&mut choices, source);
        }
        if choices.one_in(4) {
            text += &format!("    When: {}\n", quoted(&condition(&mut choices, place)));
        }
        text += "    Fields:\n";
        for ((name, field_type), genes) in self.fields.iter().zip(&genes.fields) {
            text += &field(name, field_type, genes, place);
        }
        text
    }
}

fn window(choices: &mut Choices, source: &Declared) -> String {
    let kind = choices.of(&["count", "day", "hour"]);
    let value = match kind {
        "count" => choices.of(&["-1", "1", "-2", "2"]),
        "day" => choices.of(&["-7", "7", "-1", "1", "-30"]),
        _ => choices.of(&["-24", "24", "1", "-1"]),
    };
    let mut text = format!("    WindowType: {kind}\n    WindowValue: {value}\n    Source: s.{}\n", source.name);
    if choices.one_in(2) {
        text += "    Missing: default\n";
    }
    if choices.one_in(3) {
        text += &format!("    Bounds: '{}'\n", choices.of(&["[)", "(]", "[]", "()"]));
    }
    if kind != "count" && choices.one_in(4) {
        text += choices.of(&["    Calendar: true\n", "    Calendar: true\n    Zone: Europe/Berlin\n"]);
    }
    text
}

fn field(name: &str, field_type: &str, genes: &Genes, place: &Place) -> String {
    let mut choices = Choices::new(genes);
    choices.below(1);
    let when = match choices.one_in(4) {
        true => format!(", When: {}", quoted(&condition(&mut choices, place))),
        false => String::new(),
    };
    let value = value(field_type, name, &mut choices, place);
    format!("      - {{ Name: {name}, Type: {field_type}, Value: {}{when} }}\n", quoted(&value))
}

impl Place<'_> {
    /// A field as one value: of the anchor, of any aggregate of the stream, of an aggregate above, or its own.
    fn one(&self, field_type: &str, choices: &mut Choices) -> Option<String> {
        let typed = |(_, known): &&(String, &'static str)| *known == field_type;
        let mut found: Vec<String> =
            self.anchor.all().filter(typed).map(|(name, _)| format!("anchor.{name}")).collect();
        for aggregate in &self.stream.aggregates {
            found.extend(aggregate.all().filter(typed).map(|(name, _)| format!("s.{}.{name}", aggregate.name)));
            if field_type == "datetime" && aggregate.has_times() {
                found.push(format!("s.{}._start_time", aggregate.name));
            }
        }
        for own in self.above {
            found.extend(own.fields.iter().filter(typed).map(|(name, _)| format!("{}.{name}", own.name)));
        }
        found.extend(self.own.iter().filter(typed).map(|(name, _)| name.clone()));
        if field_type == "datetime" {
            found.push("anchor._start_time".to_owned());
        }
        let place = choices.below(found.len());
        (!found.is_empty()).then(|| found.swap_remove(place))
    }

    /// A column of the window.
    fn column(&self, field_type: &str, choices: &mut Choices) -> Option<String> {
        let typed = |(_, known): &&(String, &'static str)| *known == field_type;
        let mut found: Vec<String> =
            self.source?.all().filter(typed).map(|(name, _)| format!("source.{name}")).collect();
        if field_type == "datetime" {
            found.extend(["source._start_time".to_owned(), "source._end_time".to_owned()]);
        }
        let place = choices.below(found.len());
        (!found.is_empty()).then(|| found.swap_remove(place))
    }

    fn sums(&self, field_type: &str, choices: &mut Choices, other: &str) -> String {
        let one = self.one(field_type, choices).unwrap_or_else(|| other.to_owned());
        let Some(column) = self.column(field_type, choices) else { return one };
        match choices.below(7) {
            0 => format!("{column}[0]"),
            1 => format!("{column}[-1]"),
            2 => one,
            3 => format!("max({column})"),
            4 => format!("[v for v in {column} if v][0]"),
            5 => format!("{column}[1] if len({column}) > 1 else {one}"),
            _ => format!("sorted({column})[0]"),
        }
    }
}

fn value(field_type: &str, name: &str, choices: &mut Choices, place: &Place) -> String {
    let source = place.source.is_some();
    match (field_type, choices.below(4)) {
        ("integer", 0) if source => "len(source._start_time)".to_owned(),
        ("integer", 1) => format!("{name} + 1"),
        ("integer", 2) => match place.column("integer", choices) {
            Some(column) => format!("sum({column})"),
            None => "len(identity)".to_owned(),
        },
        ("float", 0) => match place.column("datetime", choices) {
            Some(column) => format!("(anchor._start_time - {column}[-1]).total_seconds()"),
            None => "0.5".to_owned(),
        },
        ("map", 0) if source => "{str(t.day): 1 for t in source._start_time}".to_owned(),
        ("map", 1) => format!("{name}.increment('k')"),
        ("list", 0) => {
            let kind = choices.of(&["integer", "string", "float", "boolean"]);
            place.column(kind, choices).unwrap_or_else(|| "[1]".to_owned())
        }
        ("list", 1) => format!("{name}.append(identity)"),
        ("string", 0) => {
            format!("str({})", place.sums(choices.of(&["integer", "datetime", "list"]), choices, "identity"))
        }
        _ => place.sums(field_type, choices, default(field_type)),
    }
}

fn default(field_type: &str) -> &'static str {
    match field_type {
        "integer" => "1",
        "float" => "1.5",
        "string" => "identity",
        "boolean" => "True",
        "map" => "{'a': 1}",
        "list" => "[identity]",
        "set" => "{'a'}",
        _ => "anchor._start_time",
    }
}

fn condition(choices: &mut Choices, place: &Place) -> String {
    let one = |field_type: &str, choices: &mut Choices, other: &str| {
        place.one(field_type, choices).unwrap_or_else(|| other.to_owned())
    };
    match choices.below(8) {
        0 => format!("{} > 0", one("integer", choices, "1")),
        1 => one("boolean", choices, "True"),
        2 => format!("{} != ''", one("string", choices, "identity")),
        3 => format!("{} > anchor._start_time", one("datetime", choices, "anchor._end_time")),
        4 => format!("len({}) < 2", one("list", choices, "identity")),
        5 => format!("{} < 1", one("float", choices, "0.5")),
        6 => format!("'a' in {}", one("map", choices, "identity")),
        _ => format!("not {}", one("set", choices, "identity")),
    }
}
