//! From expression text to a tree with resolved slots. Reports every fault it can, not only the first.

mod arguments;
mod call;
mod changes;
mod comprehension;
pub(crate) mod elsewhere;
mod guard;
mod literal;
mod lower;
mod names;
mod nesting;
mod pattern;
mod shape;
mod single_equals;
mod suggest;
mod syntax;
mod uses;

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use ruff_python_ast::Expr;
use rustc_hash::FxHashMap;

use crate::columns::Columns;
use crate::error::{CompileError, CompileErrorKind};
use crate::field_type::FieldType;
use crate::modules::dates::PARSE_TIME;
use crate::node::{Element, Node};
use crate::paths::{self, Path};
use crate::scalar::is_scalar;
use crate::scope::{FieldId, GroupId, Scope, VariableId};
use crate::value::Value;
use crate::value::object::Object;

pub use guard::Guard;
pub(crate) use suggest::nearest;
pub use uses::{NameTarget, NameUse, name_uses};

/// A compiled expression. Immutable, shared between threads.
#[derive(Debug, Clone)]
pub struct Program {
    pub(crate) root: Arc<Node>,
    pub(crate) locals: u16,
    /// Whether it is about numbers and texts alone.
    pub(crate) scalar: bool,
    reads: Arc<Reads>,
}

/// What an expression looks at.
#[derive(Debug, Default)]
struct Reads {
    fields: BTreeSet<(GroupId, FieldId)>,
    /// Those that a method may change in place.
    changed: BTreeSet<(GroupId, FieldId)>,
    members: BTreeSet<(VariableId, Arc<str>)>,
    whole: BTreeSet<VariableId>,
}

/// What a name in an expression stands for.
#[derive(Debug)]
pub(crate) enum Meant {
    Local(u16),
    Variable(VariableId),
    Field(GroupId, FieldId, FieldType),
    Constant(Value),
}

/// A compiled expression with what it was compiled from. Places are bytes of the trimmed text.
pub(crate) struct Compiled {
    pub program: Program,
    pub expression: Expr,
    /// By the byte that a name begins at.
    pub meanings: FxHashMap<usize, Meant>,
}

/// Compiles one Python expression.
pub fn compile(text: &str, scope: &Scope) -> Result<Program, Vec<CompileError>> {
    compile_with_names(text, scope).map(|compiled| compiled.program)
}

/// Compiles one Python expression and tells what its names stand for.
pub(crate) fn compile_with_names(text: &str, scope: &Scope) -> Result<Compiled, Vec<CompileError>> {
    let trimmed = text.trim();
    let shift = text.len() - text.trim_start().len();
    let result = compile_trimmed(trimmed, scope);
    result.map_err(|mut errors| {
        for error in &mut errors {
            error.span = error.span.start + shift..error.span.end + shift;
        }
        errors.sort_by_key(|error| (error.span.start, error.span.end));
        errors.dedup();
        errors
    })
}

fn compile_trimmed(text: &str, scope: &Scope) -> Result<Compiled, Vec<CompileError>> {
    if text.is_empty() {
        return Err(vec![CompileError {
            kind: CompileErrorKind::Syntax,
            span: 0..0,
            message: "the expression is empty".to_owned(),
            help: Some("write a Python expression".to_owned()),
            replacement: None,
        }]);
    }
    nesting::check(text).map_err(|error| vec![error])?;
    match syntax::parse(text) {
        Ok(expression) => Compiler::new(scope).finish(expression),
        Err(faults) => match single_equals::repair(text) {
            Some(repair) => Err(repair.errors(scope)),
            None => Err(faults),
        },
    }
}

impl Program {
    /// The top-level names of `source.NAME` / `source['NAME']` that the program reads, or `None` when
    /// it uses `source` in another way and needs the whole event.
    pub fn source_fields(&self, source: VariableId) -> Option<Vec<Arc<str>>> {
        if self.reads.whole.contains(&source) {
            return None;
        }
        let members = self.reads.members.iter().filter(|(variable, _)| *variable == source);
        Some(members.map(|(_, name)| name.clone()).collect())
    }

    /// Makes `source.NAME` and paths read their cells. `source` must be read by names alone, and every name
    /// must have a column.
    pub fn bind(&mut self, source: VariableId, columns: &Columns) {
        let root = Arc::make_mut(&mut self.root);
        paths::bind(root, source, &|name| columns.slot(name), &|path| columns.path_slot(path));
        self.scalar = is_scalar(&self.root);
    }

    /// Makes every cell of the columns `from` the same one in `to`, which must cover them.
    pub fn bind_again(&mut self, from: &Columns, to: &Columns) {
        bind_again(Arc::make_mut(&mut self.root), from, to);
        self.scalar = is_scalar(&self.root);
    }

    fn with_root(&self, root: Node) -> Program {
        Program { scalar: is_scalar(&root), root: Arc::new(root), ..self.clone() }
    }

    /// What the time is parsed from, where the whole program is `parse_time(source.NAME)`: the field, and the
    /// path where it goes on.
    pub fn time_part(&self, source: VariableId) -> Option<(Arc<str>, Option<Path>)> {
        let Node::Call(call) = &*self.root else { return None };
        let Node::Const(Value::Object(callee)) = &call.callee else { return None };
        let (true, [Element::One(part)]) = (call.arguments.keywords.is_empty(), &*call.arguments.positional) else {
            return None;
        };
        let parses = matches!(&**callee, Object::Builtin(builtin) if std::ptr::eq(*builtin, PARSE_TIME));
        if parses { paths::part(part, source) } else { None }
    }

    /// A condition that begins with `source.NAME == constant`, taken apart: that, and what has to hold too.
    pub fn guard(&self) -> Option<(Guard, Option<Program>)> {
        let (first, rest) = match &*self.root {
            Node::And(nodes) => (nodes.first()?, &nodes[1..]),
            node => (node, &[][..]),
        };
        let guard = Guard::of(first)?;
        let rest = match rest {
            [] => None,
            [one] => Some(one.clone()),
            more => Some(Node::And(more.into())),
        };
        Some((guard, rest.map(|root| self.with_root(root))))
    }

    /// The slot of a program that is but a cell.
    #[inline]
    pub fn cell(&self) -> Option<usize> {
        match &*self.root {
            Node::Cell(slot) => Some(usize::from(*slot)),
            _ => None,
        }
    }

    /// The slot of a program that is but a cell or a path.
    #[inline]
    pub fn part(&self) -> Option<usize> {
        match &*self.root {
            Node::Cell(slot) | Node::Path(slot, _) => Some(usize::from(*slot)),
            _ => None,
        }
    }

    /// The `(group, field)` slots it reads; used for incremental runs and order warnings.
    pub fn field_reads(&self) -> Vec<(GroupId, FieldId)> {
        self.reads.fields.iter().copied().collect()
    }

    /// The fields whose collections it may change in place, by a method such as `append`.
    pub fn field_changes(&self) -> Vec<(GroupId, FieldId)> {
        self.reads.changed.iter().copied().collect()
    }

    /// The variables it reads in any way.
    pub fn variable_reads(&self) -> Vec<VariableId> {
        let mut all = self.reads.whole.clone();
        all.extend(self.reads.members.iter().map(|(variable, _)| *variable));
        all.into_iter().collect()
    }
}

fn bind_again(node: &mut Node, from: &Columns, to: &Columns) {
    match node {
        Node::Cell(slot) => {
            let new = from.name(usize::from(*slot)).and_then(|name| to.slot(name));
            if let Some(new) = new.and_then(|slot| u16::try_from(slot).ok()) {
                *slot = new;
            }
        }
        Node::Path(slot, otherwise) => {
            bind_again(otherwise, from, to);
            let new = from.path(usize::from(*slot)).and_then(|path| to.path_slot(path));
            match new.and_then(|slot| u16::try_from(slot).ok()) {
                Some(new) => *slot = new,
                // The field lies there as a whole.
                None => *node = std::mem::replace(otherwise, Node::Const(Value::None)),
            }
        }
        node => node.each_child_mut(&mut |child| bind_again(child, from, to)),
    }
}

/// Nested nodes that evaluating may recurse through.
const MAX_DEPTH: usize = 200;

/// The state of compiling one expression.
pub(crate) struct Compiler<'c> {
    scope: &'c Scope,
    /// Visible locals, innermost last.
    locals: Vec<(String, u16)>,
    next_local: u16,
    /// Locals that stand for items of something that is kept.
    lent: BTreeSet<u16>,
    /// Locals at and after this place belong to the lambda or generator being compiled.
    frames: Vec<Capture>,
    depth: usize,
    reads: Reads,
    /// Where names stand, for an editor that asks.
    uses: Option<Vec<NameUse>>,
    meanings: FxHashMap<usize, Meant>,
    errors: Vec<CompileError>,
}

/// A lambda or generator: which of the locals from outside it uses.
struct Capture {
    outside: usize,
    slots: BTreeSet<u16>,
}

impl<'c> Compiler<'c> {
    fn new(scope: &'c Scope) -> Compiler<'c> {
        Compiler {
            scope,
            locals: Vec::new(),
            next_local: 0,
            lent: BTreeSet::new(),
            frames: Vec::new(),
            depth: 0,
            reads: Reads::default(),
            uses: None,
            meanings: FxHashMap::default(),
            errors: Vec::new(),
        }
    }

    fn finish(mut self, expression: Expr) -> Result<Compiled, Vec<CompileError>> {
        let root = self.expression(&expression);
        if self.errors.is_empty() {
            let (scalar, root) = (is_scalar(&root), Arc::new(root));
            let program = Program { root, locals: self.next_local, scalar, reads: Arc::new(self.reads) };
            return Ok(Compiled { program, expression, meanings: self.meanings });
        }
        Err(self.errors)
    }

    fn note(&mut self, place: usize, meant: Meant) {
        self.meanings.insert(place, meant);
    }

    /// Records a fault; the node in its place is never run.
    fn fault(&mut self, kind: CompileErrorKind, span: Range<usize>, message: impl Into<String>) -> &mut CompileError {
        let mut message: String = message.into();
        if message.chars().count() > 80 {
            message = message.chars().take(79).chain(['…']).collect();
        }
        self.errors.push(CompileError { kind, span, message, help: None, replacement: None });
        self.errors.last_mut().expect("one was pushed just now")
    }

    fn unsupported(&mut self, span: Range<usize>, message: &str, help: &str) -> Node {
        self.fault(CompileErrorKind::Unsupported, span, message).help = Some(help.to_owned());
        Node::Const(Value::None)
    }
}

pub(crate) fn span(range: ruff_text_size::TextRange) -> Range<usize> {
    range.start().to_usize()..range.end().to_usize()
}
