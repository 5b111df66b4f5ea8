//! Static types of expressions, and what they show to be wrong before anything runs.
//!
//! Cautious: what is not known is `Type::ANY`, of which nothing is concluded. Names mean what the
//! compiler has found them to mean. One pass, linear in the text.

mod arithmetic;
mod calls;
mod comparison;
mod finding;
mod names;
mod operators;
mod outcome;
mod returns;
mod surroundings;
mod types;
mod walk;

use std::ops::Range;

use ruff_python_ast::Expr;
use ruff_text_size::Ranged;
use rustc_hash::FxHashMap;

use crate::compile::{Compiled, Meant, Program, compile_with_names, span};
use crate::error::CompileError;
use crate::scope::{FieldId, GroupId, Scope};

pub use finding::{Cure, Division, FieldRead, Finding, FindingKind, TextComparison};
pub use outcome::Outcome;
pub use surroundings::{Surroundings, Unknown};
pub use types::{Kinds, Type};

/// What an expression's value is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    Value,
    /// Only whether it is true counts.
    Condition,
}

/// A compiled expression and what is known of it without running it.
#[derive(Debug, Clone)]
pub struct Inferred {
    pub program: Program,
    pub result: Type,
    /// How it comes out as a condition.
    pub outcome: Outcome,
    pub findings: Vec<Finding>,
    pub field_reads: Vec<FieldRead>,
    /// Divisions by fields that nothing in the expression guards.
    pub divisions: Vec<Division>,
    pub text_comparisons: Vec<TextComparison>,
    parts: Vec<(Range<usize>, Type)>,
}

impl Inferred {
    /// The smallest part of the expression that holds a byte of its text, and the part's type. A
    /// function's name stands for its call.
    pub fn type_at(&self, offset: usize) -> Option<(Range<usize>, &Type)> {
        let around = self.parts.iter().filter(|(part, _)| part.start <= offset && offset <= part.end);
        let smallest = around.min_by_key(|(part, of)| (of.kinds() == Kinds::FUNCTION, part.len()));
        smallest.map(|(part, of)| (part.clone(), of))
    }
}

/// Compiles one Python expression and infers its types.
pub fn infer(
    text: &str,
    scope: &Scope,
    around: &dyn Surroundings,
    used_as: Use,
) -> Result<Inferred, Vec<CompileError>> {
    let compiled = compile_with_names(text, scope)?;
    let shift = text.len() - text.trim_start().len();
    let mut inference = Inference::new(&text[shift..], &compiled, around);
    let root = match used_as {
        Use::Value => inference.expression(&compiled.expression),
        Use::Condition => inference.condition(&compiled.expression),
    };
    let mut inferred = inference.found;
    inferred.shift(shift);
    Ok(Inferred {
        program: compiled.program,
        result: root.of,
        outcome: root.outcome,
        findings: inferred.findings,
        field_reads: inferred.field_reads,
        divisions: inferred.divisions,
        text_comparisons: inferred.text_comparisons,
        parts: inferred.parts,
    })
}

/// What is known of one part.
struct Seen {
    of: Type,
    outcome: Outcome,
}

impl From<Type> for Seen {
    fn from(of: Type) -> Seen {
        let outcome = Outcome::of_type(&of);
        Seen { of, outcome }
    }
}

impl From<Kinds> for Seen {
    fn from(kinds: Kinds) -> Seen {
        Seen::from(Type::from(kinds))
    }
}

/// What has been found so far, in places of the trimmed text.
#[derive(Default)]
struct Found {
    findings: Vec<Finding>,
    field_reads: Vec<FieldRead>,
    divisions: Vec<Division>,
    text_comparisons: Vec<TextComparison>,
    parts: Vec<(Range<usize>, Type)>,
}

impl Found {
    fn shift(&mut self, by: usize) {
        if by == 0 {
            return;
        }
        let findings = self.findings.iter_mut().flat_map(|finding| {
            let edits = finding.cure.iter_mut().flat_map(|cure| cure.edits.iter_mut().map(|(place, _)| place));
            std::iter::once(&mut finding.span).chain(edits)
        });
        let reads = self.field_reads.iter_mut().map(|read| &mut read.span);
        let divisions = self.divisions.iter_mut().flat_map(|division| [&mut division.span, &mut division.divisor]);
        let compared = self.text_comparisons.iter_mut().flat_map(|found| [&mut found.span, &mut found.written]);
        let parts = self.parts.iter_mut().map(|(place, _)| place);
        for place in findings.chain(reads).chain(divisions).chain(compared).chain(parts) {
            *place = place.start + by..place.end + by;
        }
    }
}

/// As deep as the compiler goes; attribute chains may be longer.
const MAX_DEPTH: usize = 220;

/// The state of inferring one expression.
struct Inference<'i> {
    text: &'i str,
    meanings: &'i FxHashMap<usize, Meant>,
    around: &'i dyn Surroundings,
    locals: Vec<Type>,
    /// Fields that tests around the present place have asked for.
    guards: Vec<(GroupId, FieldId)>,
    depth: usize,
    found: Found,
}

impl<'i> Inference<'i> {
    fn new(text: &'i str, compiled: &'i Compiled, around: &'i dyn Surroundings) -> Inference<'i> {
        Inference {
            text,
            meanings: &compiled.meanings,
            around,
            locals: vec![Type::ANY; usize::from(compiled.program.locals)],
            guards: Vec::new(),
            depth: 0,
            found: Found::default(),
        }
    }

    fn meant(&self, place: usize) -> Option<&'i Meant> {
        self.meanings.get(&place)
    }

    /// The text of a part, shortened for a message.
    fn shown(&self, part: &Expr) -> String {
        const LONGEST: usize = 30;
        let text = self.text.get(span(part.range())).unwrap_or_default();
        let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('`', "'");
        if one_line.chars().count() <= LONGEST {
            return format!("`{one_line}`");
        }
        let short: String = one_line.chars().take(LONGEST - 1).collect();
        format!("`{short}…`")
    }

    /// "`source.amount` is a text in the data"
    fn described(&self, part: &Expr, of: &Type) -> String {
        let sampled =
            self.path(part).is_some_and(|(variable, path)| !path.is_empty() && self.around.is_sampled(variable));
        let origin = if sampled { " in the data" } else { "" };
        format!("{} is {}{origin}", self.shown(part), types::words(of.present()))
    }
}
