//! Window documents: an anchor and the windows around it.

use dtc_expr::Mode;

use super::aggregate::{aggregate_type_of, has};
use super::header::{is_of_2018_03, with_header};
use super::value::no_expression;
use super::{Attribute, Attributes, Reader, did_you_mean, old_times};
use crate::codes;
use crate::diagnostic::{Diagnostic, Severity, quote};
use crate::dialect::{self, AggregateType};
use crate::document::{Anchor, AsOf, MaxPer, Name, Pick, Window, WindowAggregate, WindowKind, WindowSpec};
use crate::rules::names::{self, Named};
use crate::rules::numbers::{self, POSITIVE};
use crate::yaml::Node;
use crate::zones;

pub(super) const OWN: [Attribute; 4] = [
    Attribute::optional("SourceBTS").or(&["SourceDTC"]),
    Attribute::required("Anchor"),
    Attribute::optional("Stores").or(&["Store"]),
    Attribute::required("Aggregates").or(&["DataGroups"]),
];
pub(super) const ANCHOR: [Attribute; 8] = [
    Attribute::required("Condition"),
    Attribute::optional("Max"),
    Attribute::optional("AsOf"),
    Attribute::optional("MaxPer"),
    Attribute::optional("Pick"),
    Attribute::optional("Seed"),
    Attribute::optional("Source"),
    Attribute::optional("Description"),
];
pub(super) const AGGREGATE: [Attribute; 5] = [
    Attribute::required("Type"),
    Attribute::required("Name"),
    Attribute::required("Fields"),
    Attribute::optional("When").or(&["Filter"]),
    Attribute::optional("Description"),
];
pub(super) const WINDOW: [Attribute; 7] = [
    Attribute::required("WindowType"),
    Attribute::required("WindowValue"),
    Attribute::required("Source"),
    Attribute::optional("Missing"),
    Attribute::optional("Bounds"),
    Attribute::optional("Calendar"),
    Attribute::optional("Zone"),
];
/// 2018-03: `Window: {Type, Value, Source, Name}`
pub(super) const BLOCK: [Attribute; 4] = [
    Attribute::required("Type"),
    Attribute::required("Value"),
    Attribute::required("Source"),
    Attribute::optional("Name"),
];

impl Reader<'_> {
    pub fn window(&mut self, root: &Node) -> Option<Window> {
        let attributes = self.attributes(root, "document", &with_header(&OWN))?;
        let header = self.header(&attributes);
        let source = self.text_attribute(&attributes, "SourceBTS");
        let stores = self.stores(&attributes);
        let anchor = self.anchor(&attributes);
        let mut aggregates = Vec::new();
        for item in self.items(&attributes, "Aggregates") {
            aggregates.extend(self.window_aggregate(item));
        }
        let mut document = Window { header, source, stores, anchor, aggregates };
        if is_of_2018_03(&attributes) {
            old_times::window(&mut document);
        }
        Some(document)
    }

    fn anchor(&mut self, document: &Attributes) -> Anchor {
        let empty = Anchor {
            condition: no_expression(document.place),
            max: None,
            as_of: AsOf::default(),
            max_per: MaxPer::default(),
            pick: Pick::default(),
            source: None,
        };
        let Some(entry) = document.get("Anchor") else { return empty };
        let Some(attributes) = self.attributes(&entry.value, "anchor", &ANCHOR) else { return empty };
        let as_of = [("start", AsOf::Start), ("end", AsOf::End), ("final", AsOf::Final)];
        let max_per = [("day", MaxPer::Day), ("identity", MaxPer::Identity), ("run", MaxPer::Run)];
        let max = attributes.get("Max").and_then(|entry| numbers::whole(self, "Max", entry, POSITIVE));
        let seed = attributes.get("Seed").and_then(|entry| numbers::whole(self, "Seed", entry, numbers::ANY));
        let as_of = self.choice(&attributes, "AsOf", &as_of);
        Anchor {
            condition: self.expression(&attributes, "Condition"),
            max,
            // Blurr's windows see the end of the data (A.8).
            as_of: as_of.unwrap_or(if self.mode == Mode::Blurr { AsOf::Final } else { AsOf::Start }),
            max_per: self.choice(&attributes, "MaxPer", &max_per).unwrap_or_default(),
            pick: match self.choice(&attributes, "Pick", &[("first", false), ("random", true)]) {
                Some(true) if self.mode == Mode::Studio => Pick::Random { seed: seed.unwrap_or_default() },
                _ => Pick::First,
            },
            source: self.text_attribute(&attributes, "Source"),
        }
    }

    fn window_aggregate(&mut self, item: &Node) -> Option<WindowAggregate> {
        let kind = aggregate_type_of(item);
        let mut known = AGGREGATE.to_vec();
        match kind {
            Some(AggregateType::Variable) => known.push(Attribute::optional("Store")),
            _ if has(item, "Window") => {
                known.extend([
                    Attribute::required("Window"),
                    Attribute::optional("Missing"),
                    Attribute::optional("Bounds"),
                    Attribute::optional("Calendar"),
                    Attribute::optional("Zone"),
                ]);
            }
            Some(AggregateType::Window) => known.extend(WINDOW),
            _ => known.extend(WINDOW.map(|attribute| Attribute { required: false, ..attribute })),
        }
        let attributes = self.attributes(item, "aggregate", &known)?;
        let name = self.name(&attributes, Named::Part);
        self.window_aggregate_type(&attributes, &name);
        let window = if kind == Some(AggregateType::Variable) { None } else { self.window_spec(&attributes) };
        Some(WindowAggregate {
            window,
            when: self.optional_expression(&attributes, "When"),
            fields: self.fields(&attributes, "Fields", "field"),
            name,
        })
    }

    fn window_aggregate_type(&mut self, attributes: &Attributes, name: &Name) {
        let found = self.type_of(attributes, "aggregate", dialect::aggregate_type, dialect::WINDOW_AGGREGATES);
        if let Some((
            AggregateType::Identity | AggregateType::Block | AggregateType::Session | AggregateType::Activity,
            span,
        )) = found
        {
            self.report(
                Diagnostic::error(
                    codes::MISPLACED_TYPE,
                    format!("{} cannot stand in a window document", quote(&name.value)),
                    span,
                    "this kind belongs to streaming documents",
                )
                .help("Use `ProductML:DTC:Aggregate:Window`, or move it to the streaming document"),
            );
        }
    }

    /// From flat attributes or from the sub-block of 2018-03. What cannot be read takes a harmless value;
    /// it has been reported.
    fn window_spec(&mut self, attributes: &Attributes) -> Option<WindowSpec> {
        let missing = self.choice(attributes, "Missing", &[("default", true), ("drop", false)]);
        let bounds = [("()", (false, false)), ("[)", (true, false)), ("(]", (false, true)), ("[]", (true, true))];
        let written = self.choice(attributes, "Bounds", &bounds);
        let calendar = self.calendar(attributes);
        // A block at midnight belongs to one day only.
        let (include_lower, include_upper) = written.unwrap_or((calendar.is_some(), false));
        let aligned = attributes.get("Calendar").filter(|_| calendar.is_some()).map(|entry| entry.key);
        let block = attributes.get("Window");
        let block = block.and_then(|entry| self.attributes(&entry.value, "window", &BLOCK));
        let (attributes, type_name, value_name) = match &block {
            Some(block) => (block, "Type", "Value"),
            None => (attributes, "WindowType", "WindowValue"),
        };
        let list_name = block.as_ref().and_then(|block| self.text_attribute(block, "Name"));
        if let Some(name) = &list_name {
            names::check(self, name, Named::Part);
        }
        let kind = self.window_kind(attributes, type_name);
        let value =
            attributes.get(value_name).and_then(|entry| numbers::whole(self, value_name, entry, numbers::WINDOW));
        let source = self.text_attribute(attributes, "Source");
        if kind.is_none() && value.is_none() && source.is_none() {
            return None;
        }
        let (kind, exact) = kind.unwrap_or((WindowKind::Count, true));
        if let (Some(place), WindowKind::Count) = (aligned, kind) {
            self.report(
                Diagnostic::error(
                    codes::BAD_CHOICE,
                    "`Calendar` aligns windows of days and hours",
                    place,
                    "this window counts blocks",
                )
                .help("Delete `Calendar`, or make it a window of type `day` or `hour`"),
            );
        }
        Some(WindowSpec {
            kind,
            value: value.unwrap_or(-1),
            source: source.unwrap_or(Name { value: String::new(), span: attributes.place }),
            list_name,
            keep_missing: missing.unwrap_or(!exact),
            include_lower,
            include_upper,
            calendar,
        })
    }

    /// The zone whose calendar the window keeps to; UTC where none is named.
    fn calendar(&mut self, attributes: &Attributes) -> Option<String> {
        let calendar = self.choice(attributes, "Calendar", &[("true", true), ("false", false)]);
        let zone = self.text_attribute(attributes, "Zone");
        if let Some(zone) = &zone
            && zones::named(&zone.value).is_none()
        {
            let message = format!("{} is not a time zone", quote(&zone.value));
            let diagnostic =
                Diagnostic::error(codes::BAD_CHOICE, message, zone.span, "not a name of the IANA database")
                    .help("Write a name such as `Europe/Berlin`, or `UTC`");
            self.report(match zones::nearest(&zone.value) {
                Some(near) => diagnostic.help(format!("Did you mean `{near}`?")).replace(near),
                None => diagnostic,
            });
        }
        let zone = zone.and_then(|zone| zones::named(&zone.value)).unwrap_or("UTC");
        // Blurr knows no calendar.
        (calendar == Some(true) && self.mode == Mode::Studio).then(|| zone.to_owned())
    }

    /// The kind, and whether a count needs all its members.
    fn window_kind(&mut self, attributes: &Attributes, name: &str) -> Option<(WindowKind, bool)> {
        let written = self.text_attribute(attributes, name)?;
        match written.value.trim().to_lowercase().as_str() {
            "day" => return Some((WindowKind::Day, true)),
            "hour" => return Some((WindowKind::Hour, true)),
            "count" => return Some((WindowKind::Count, true)),
            _ => {}
        }
        let mut diagnostic = Diagnostic::error(
            codes::WINDOW_TYPE,
            format!("{} is not a type of window", quote(&written.value)),
            written.span,
            "not `day`, `hour` or `count`",
        );
        if self.mode == Mode::Blurr {
            // Blurr takes any other word for a count that may have fewer members.
            diagnostic.severity = Severity::Note;
            self.report(diagnostic.help("Blurr counts blocks here, and takes fewer where there are not enough"));
            return Some((WindowKind::Count, false));
        }
        let diagnostic = match written.value.trim().to_lowercase().as_str() {
            "days" | "date" => diagnostic.help("Did you mean `day`?").replace("day"),
            "hours" => diagnostic.help("Did you mean `hour`?").replace("hour"),
            "week" | "weeks" => diagnostic.help("Use `day` and 7 times the value"),
            _ => did_you_mean(diagnostic, &written.value, &["day", "hour", "count"]),
        };
        self.report(diagnostic);
        None
    }
}
