//! What a mapping of a pipeline document may hold, as tables: from them the reader reads, the editor completes
//! and explains, and `dtc schema` describes. One table a part; a kind's own attributes are marked so.

use crate::cloud::Fault;
use crate::cloud::arn::Service;
use crate::read::Attribute;
use crate::rules::numbers::Bounds;

/// An attribute of a part.
#[derive(Debug, Clone, Copy)]
pub struct Slot {
    pub name: &'static str,
    pub required: bool,
    /// The values of `Type` that have it; empty: all.
    pub of: &'static [&'static str],
    pub takes: Takes,
    pub meaning: &'static str,
}

/// What stands behind an attribute.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    /// The name of this part, an identifier.
    Name,
    Text,
    /// A text with rules of its own.
    Checked(fn(&str) -> Result<(), Fault>),
    Whole(Bounds),
    /// At least so much.
    Number(f64),
    Flag,
    Choice(&'static [&'static str]),
    Schedule,
    Zone,
    Release,
    Instance,
    Location,
    Filter,
    Namespace,
    Metric,
    Arn(Service),
    /// `own`, `aws`, or the ARN of a key.
    Key,
    /// Texts, one or several.
    Texts(fn(&str) -> Result<(), Fault>),
    /// A mapping of free names, each checked, to texts.
    Pairs(fn(&str) -> Result<(), Fault>),
    /// The name of another part.
    Part(Refers),
    /// Names of other parts.
    PartsNamed(Refers),
    List(&'static Shape),
    Mapping(&'static Shape),
}

/// What a name refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refers {
    Document,
    /// A flow, or a document of the pipeline.
    Startable,
    Bucket,
    Table,
    /// A step of the same flow, or `stop` or `fail`.
    Step,
    /// A step before this one that makes a model.
    Model,
    /// Whatever has metrics.
    Watched,
    Parameter,
    /// A store of a document of the pipeline.
    Store,
}

#[derive(Debug)]
pub struct Shape {
    /// For messages: "the source `x`".
    pub what: &'static str,
    pub slots: &'static [Slot],
}

pub const fn slot(name: &'static str, takes: Takes, meaning: &'static str) -> Slot {
    Slot { name, required: false, of: &[], takes, meaning }
}

impl Slot {
    pub const fn needed(self) -> Slot {
        Slot { required: true, ..self }
    }
    pub const fn of(self, of: &'static [&'static str]) -> Slot {
        Slot { of, ..self }
    }
}

pub const fn whole(least: i64, most: i64, words: &'static str) -> Takes {
    Takes::Whole(Bounds { least, most, words, zero: true })
}

/// Any text will do.
pub fn any(_: &str) -> Result<(), Fault> {
    Ok(())
}

impl Shape {
    /// The slots of a part of this kind; without a known kind, all.
    pub fn of(&'static self, kind: Option<&str>) -> impl Iterator<Item = &'static Slot> {
        let kind = self.kind(kind);
        self.slots.iter().filter(move |slot| slot.of.is_empty() || kind.is_none_or(|kind| slot.of.contains(&kind)))
    }

    /// What a part of this kind may have. Of an unknown kind nothing is required that other kinds do not have.
    pub fn attributes(&'static self, kind: Option<&'static str>) -> Vec<Attribute> {
        let mut known: Vec<Attribute> = Vec::new();
        for slot in self.of(kind) {
            let required = slot.required && (kind.is_some() || slot.of.is_empty());
            if !known.iter().any(|known| known.name == slot.name) {
                known.push(Attribute { name: slot.name, aliases: &[], required });
            }
        }
        known
    }

    /// The kind as the table writes it.
    pub fn kind(&self, written: Option<&str>) -> Option<&'static str> {
        let Takes::Choice(kinds) = self.slot("Type")?.takes else { return None };
        let written = written?.trim();
        kinds.iter().copied().find(|kind| kind.eq_ignore_ascii_case(written))
    }

    pub fn slot(&self, name: &str) -> Option<&'static Slot> {
        self.slots.iter().find(|slot| slot.name.eq_ignore_ascii_case(name))
    }

    /// The shape below the keys of a path.
    pub fn below(&'static self, path: &[&str]) -> Option<&'static Shape> {
        path.iter().try_fold(self, |shape, key| match shape.slot(key)?.takes {
            Takes::List(inner) | Takes::Mapping(inner) => Some(inner),
            _ => None,
        })
    }
}
