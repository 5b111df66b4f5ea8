//! The tree that a compiled expression is: names are slots, members are looked up already.

use std::sync::Arc;

use ruff_python_ast::{Operator, UnaryOp};

use crate::methods::Member;
use crate::scope::{FieldId, GroupId, VariableId};
use crate::value::{Order, Value};

#[derive(Debug, Clone)]
pub(crate) enum Node {
    Const(Value),
    Local(u16),
    Variable(VariableId),
    /// `source.name` or `source['name']` where `source` is a variable.
    VariableMember(VariableId, Arc<Member>, Access),
    /// The same where the event is a row of cells.
    Cell(u16),
    /// A part of the event that has a cell of its own; where it lies elsewhere, the second node finds it.
    Path(u16, Box<Node>),
    Field(GroupId, FieldId),
    Attribute(Box<Node>, Arc<Member>),
    Index(Box<(Node, Node)>),
    /// Object, start, stop, step.
    Slice(Box<(Node, [Option<Node>; 3])>),
    Call(Box<Call>),
    MethodCall(Box<MethodCall>),
    Binary(Operator, Box<(Node, Node)>),
    Unary(UnaryOp, Box<Node>),
    And(Box<[Node]>),
    Or(Box<[Node]>),
    Compare(Box<(Node, Comparison, Node)>),
    /// `a < b < c`: each operand is evaluated once.
    Chain(Box<(Node, Vec<(Comparison, Node)>)>),
    /// Test, then, else.
    If(Box<(Node, Node, Node)>),
    List(Box<[Element]>),
    Tuple(Box<[Element]>),
    Set(Box<[Element]>),
    /// A pair without a key is `**mapping`.
    Dict(Box<[(Option<Node>, Node)]>),
    Comprehension(Arc<Comprehension>),
    Lambda(Arc<Lambda>, Box<[(u16, Node)]>),
    Text(Box<[TextPart]>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Attribute,
    Item,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Order(Order),
    In,
    NotIn,
    Is,
    IsNot,
}

/// An item of a display; `*iterable` is spread.
#[derive(Debug, Clone)]
pub(crate) enum Element {
    One(Node),
    Spread(Node),
}

#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub callee: Node,
    pub arguments: Arguments,
}

#[derive(Debug, Clone)]
pub(crate) struct MethodCall {
    pub receiver: Node,
    pub member: Arc<Member>,
    pub arguments: Arguments,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Arguments {
    pub positional: Box<[Element]>,
    /// A keyword without a name is `**mapping`.
    pub keywords: Box<[(Option<Arc<str>>, Node)]>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ComprehensionKind {
    List,
    Set,
    Dict,
    Generator,
}

#[derive(Debug, Clone)]
pub struct Comprehension {
    pub(crate) kind: ComprehensionKind,
    /// The key, in a dict.
    pub(crate) element: Node,
    pub(crate) value: Option<Node>,
    pub(crate) clauses: Vec<Clause>,
    /// Locals from outside that a generator needs when it runs later.
    pub(crate) captures: Vec<u16>,
}

#[derive(Debug, Clone)]
pub(crate) struct Clause {
    pub target: Target,
    pub iterable: Node,
    pub conditions: Vec<Node>,
}

#[derive(Debug, Clone)]
pub(crate) enum Target {
    Name(u16),
    Unpack(Vec<Target>),
}

#[derive(Debug, Clone)]
pub struct Lambda {
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) body: Node,
    pub(crate) captures: Vec<u16>,
    /// How deep its body nests: what a call costs of the stack.
    pub(crate) height: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub name: Arc<str>,
    pub slot: u16,
    pub optional: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum TextPart {
    Literal(Box<str>),
    Value { node: Node, conversion: Option<char>, format: Option<Box<[TextPart]>> },
}

impl Node {
    /// Calls `visit` for every node right below this one.
    pub(crate) fn each_child_mut(&mut self, visit: &mut dyn FnMut(&mut Node)) {
        match self {
            Node::Const(_)
            | Node::Local(_)
            | Node::Variable(_)
            | Node::VariableMember(..)
            | Node::Cell(_)
            | Node::Field(..) => {}
            Node::Attribute(node, _) | Node::Unary(_, node) | Node::Path(_, node) => visit(node),
            Node::Index(pair) | Node::Binary(_, pair) => {
                visit(&mut pair.0);
                visit(&mut pair.1);
            }
            Node::Slice(parts) => {
                visit(&mut parts.0);
                parts.1.iter_mut().flatten().for_each(visit);
            }
            Node::Call(call) => {
                visit(&mut call.callee);
                call.arguments.each_mut(visit);
            }
            Node::MethodCall(call) => {
                visit(&mut call.receiver);
                call.arguments.each_mut(visit);
            }
            Node::And(nodes) | Node::Or(nodes) => nodes.iter_mut().for_each(visit),
            Node::Compare(parts) => {
                visit(&mut parts.0);
                visit(&mut parts.2);
            }
            Node::Chain(parts) => {
                visit(&mut parts.0);
                parts.1.iter_mut().for_each(|(_, node)| visit(node));
            }
            Node::If(parts) => {
                visit(&mut parts.0);
                visit(&mut parts.1);
                visit(&mut parts.2);
            }
            Node::List(elements) | Node::Tuple(elements) | Node::Set(elements) => {
                elements.iter_mut().for_each(|element| visit(element.node_mut()));
            }
            Node::Dict(pairs) => {
                for (key, value) in pairs {
                    key.iter_mut().for_each(&mut *visit);
                    visit(value);
                }
            }
            Node::Comprehension(body) => Arc::make_mut(body).each_mut(visit),
            Node::Lambda(lambda, defaults) => {
                visit(&mut Arc::make_mut(lambda).body);
                defaults.iter_mut().for_each(|(_, node)| visit(node));
            }
            Node::Text(parts) => parts.iter_mut().for_each(|part| part.each_mut(visit)),
        }
    }
}

impl Element {
    fn node_mut(&mut self) -> &mut Node {
        match self {
            Element::One(node) | Element::Spread(node) => node,
        }
    }
}

impl Arguments {
    pub(crate) fn each_mut(&mut self, visit: &mut dyn FnMut(&mut Node)) {
        self.positional.iter_mut().for_each(|element| visit(element.node_mut()));
        self.keywords.iter_mut().for_each(|(_, node)| visit(node));
    }
}

impl Comprehension {
    fn each_mut(&mut self, visit: &mut dyn FnMut(&mut Node)) {
        visit(&mut self.element);
        self.value.iter_mut().for_each(&mut *visit);
        for clause in &mut self.clauses {
            visit(&mut clause.iterable);
            clause.conditions.iter_mut().for_each(&mut *visit);
        }
    }
}

impl TextPart {
    fn each_mut(&mut self, visit: &mut dyn FnMut(&mut Node)) {
        if let TextPart::Value { node, format, .. } = self {
            visit(node);
            format.iter_mut().flatten().for_each(|part| part.each_mut(visit));
        }
    }
}
