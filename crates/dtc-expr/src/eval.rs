//! Runs a compiled expression over a frame: a walk of the tree, names already slots.

mod access;
mod call;
mod iterate;
mod reach;

use ruff_python_ast::{Operator, UnaryOp};

use crate::builtins::hashable;
use crate::compile::Program;
use crate::error::{EvalError, EvalErrorKind};
use crate::frame::Frame;
use crate::node::{Access, Comparison, Element, Node, TextPart};
use crate::operator;
use crate::rows::Operand;
use crate::scalar::{Scalar, scalar};
use crate::scope::VariableId;
use crate::value::{Dict, Set, Value, compare, python_equal};

pub(crate) use access::{attribute_of, item};

pub(crate) type Result<T = Value> = std::result::Result<T, EvalError>;

/// Items read or made and functions called in one evaluation.
const MAX_STEPS: u64 = 5_000_000;
/// Stack that calls of lambdas may take, counted in nested nodes.
const MAX_HEIGHT: usize = 600;

impl Program {
    /// Evaluates. The frame changes only where a method changes a field's collection in place.
    pub fn eval(&self, frame: &mut Frame) -> Result {
        if let Some(value) = self.scalar(frame) {
            return Ok(value.to_value());
        }
        let mut evaluator = self.evaluator(frame);
        let value = evaluator.eval(&self.root)?;
        match value {
            Value::Object(_) => evaluator.settle(value),
            value => Ok(value),
        }
    }

    /// Evaluates to whether the value is true, as `bool()` has it.
    pub fn truth(&self, frame: &mut Frame) -> Result<bool> {
        if let Some(value) = self.scalar(frame) {
            return Ok(value.is_truthy());
        }
        self.evaluator(frame).truth(&self.root)
    }

    /// The value of an expression over numbers and texts, as long as there is nothing special about them.
    #[inline]
    pub fn scalar<'v>(&'v self, frame: &'v Frame) -> Option<Scalar<'v>> {
        if self.scalar { scalar(&self.root, frame) } else { None }
    }

    fn evaluator<'f>(&self, frame: &'f mut Frame) -> Evaluator<'f> {
        let locals = if self.locals > 0 { vec![Value::None; usize::from(self.locals)] } else { Vec::new() };
        Evaluator { frame, locals, steps: 0, height: 0 }
    }
}

/// The state of one evaluation.
pub struct Evaluator<'f> {
    frame: &'f mut Frame,
    locals: Vec<Value>,
    steps: u64,
    height: usize,
}

static NONE: Value = Value::None;

impl Evaluator<'_> {
    /// Counts work that one expression may not do without end.
    pub(crate) fn step(&mut self) -> Result<()> {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return Err(EvalError::limit(format!("the expression took more than {MAX_STEPS} steps")));
        }
        Ok(())
    }

    /// Lets work count down what is left of the steps.
    pub(crate) fn spend<T>(&mut self, work: impl FnOnce(&mut u64) -> T) -> T {
        let mut left = MAX_STEPS.saturating_sub(self.steps);
        let result = work(&mut left);
        self.steps = MAX_STEPS - left;
        result
    }

    /// Counts what a new text or collection takes, so that many large ones are refused too.
    fn charge(&mut self, value: Value) -> Result {
        use std::sync::Arc;
        let size = match &value {
            Value::Str(text) if Arc::strong_count(text) == 1 => text.len() / size_of::<Value>(),
            Value::List(_, items) | Value::Tuple(items) if Arc::strong_count(items) == 1 => items.len(),
            Value::Dict(_, dict) if Arc::strong_count(dict) == 1 => dict.len(),
            Value::Set(_, set) if Arc::strong_count(set) == 1 => set.len(),
            _ => return Ok(value),
        };
        self.steps += size as u64;
        self.step()?;
        Ok(value)
    }

    pub(crate) fn eval(&mut self, node: &Node) -> Result {
        match node {
            Node::Const(value) => Ok(value.clone()),
            Node::Local(slot) => Ok(self.locals[usize::from(*slot)].clone()),
            Node::Field(group, field) => Ok(self.field(*group, *field).clone()),
            Node::Variable(id) => self.variable(*id).cloned(),
            Node::VariableMember(id, member, access) => access::member_of(self.variable(*id)?, member, *access),
            Node::Cell(slot) => Ok(self.frame.row.get(usize::from(*slot)).into_value()),
            Node::Path(slot, otherwise) => match self.frame.row.is_elsewhere(usize::from(*slot)) {
                true => self.eval(otherwise),
                false => Ok(self.frame.row.get(usize::from(*slot)).into_value()),
            },
            Node::Binary(operator, operands) => self.binary(*operator, &operands.0, &operands.1),
            Node::Compare(operands) => self.comparison(&operands.0, operands.1, &operands.2).map(Value::Bool),
            Node::And(nodes) => self.junction(nodes, false),
            Node::Or(nodes) => self.junction(nodes, true),
            Node::If(parts) => {
                let chosen = if self.truth(&parts.0)? { &parts.1 } else { &parts.2 };
                self.eval(chosen)
            }
            Node::Attribute(object, member) => {
                let object = self.eval(object)?;
                access::member_of(&object, member, Access::Attribute)
            }
            Node::Index(operands) => self.index(&operands.0, &operands.1),
            Node::Slice(parts) => {
                let value = self.slice(&parts.0, &parts.1)?;
                self.charge(value)
            }
            Node::Call(call) => {
                let value = self.call_node(call)?;
                self.charge(value)
            }
            Node::MethodCall(call) => {
                let value = self.method_call(call)?;
                self.charge(value)
            }
            Node::Unary(operator, operand) => {
                let value = self.eval(operand)?;
                operator::unary(*operator, &value)
            }
            Node::Chain(chain) => self.chain(&chain.0, &chain.1),
            Node::List(elements) => Ok(Value::list(self.elements(elements)?)),
            Node::Tuple(elements) => Ok(Value::tuple(self.elements(elements)?)),
            Node::Set(elements) => self.set_display(elements),
            Node::Dict(pairs) => self.dict_display(pairs),
            Node::Comprehension(comprehension) => self.comprehension(comprehension),
            Node::Lambda(lambda, defaults) => self.lambda(lambda, defaults),
            Node::Text(parts) => self.text(parts).map(Value::from),
        }
    }

    fn field(&self, group: crate::scope::GroupId, field: crate::scope::FieldId) -> &Value {
        let fields = self.frame.groups.get(usize::from(group.0));
        fields.and_then(|fields| fields.get(usize::from(field.0))).unwrap_or(&NONE)
    }

    fn variable(&self, id: VariableId) -> Result<&Value> {
        match self.frame.variables.get(usize::from(id.0)) {
            Some(Some(value)) => Ok(value),
            _ => Err(EvalError::new(EvalErrorKind::NameError, "the name has no value here")),
        }
    }

    /// A value that can be looked at where it lies, without counting a reference.
    #[inline]
    fn operand<'v>(&'v self, node: &'v Node) -> Option<Operand<'v>> {
        match node {
            Node::Cell(slot) => Some(self.frame.row.get(usize::from(*slot))),
            Node::Path(slot, _) if !self.frame.row.is_elsewhere(usize::from(*slot)) => {
                Some(self.frame.row.get(usize::from(*slot)))
            }
            Node::Field(group, field) => Some(Operand::There(self.field(*group, *field))),
            Node::Const(value) => Some(Operand::There(value)),
            Node::Local(slot) => Some(Operand::There(&self.locals[usize::from(*slot)])),
            Node::Variable(id) => self.variable(*id).ok().map(Operand::There),
            Node::VariableMember(id, member, access) => {
                access::borrow_member(self.variable(*id).ok()?, member, *access).map(Operand::There)
            }
            _ => None,
        }
    }

    pub(crate) fn truth(&mut self, node: &Node) -> Result<bool> {
        match node {
            Node::Compare(operands) => self.comparison(&operands.0, operands.1, &operands.2),
            Node::And(nodes) => self.holds_all(nodes),
            Node::Or(nodes) => self.holds_any(nodes),
            Node::Unary(UnaryOp::Not, operand) => self.truth(operand).map(|holds| !holds),
            _ => match self.operand(node) {
                Some(value) => Ok(value.is_truthy()),
                None => Ok(self.eval(node)?.is_truthy()),
            },
        }
    }

    fn holds_all(&mut self, nodes: &[Node]) -> Result<bool> {
        for node in nodes {
            if !self.truth(node)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn holds_any(&mut self, nodes: &[Node]) -> Result<bool> {
        for node in nodes {
            if self.truth(node)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn binary(&mut self, operator: Operator, left: &Node, right: &Node) -> Result {
        let value = match (self.operand(left), self.operand(right)) {
            (Some(left), Some(right)) => match quick(&left, operator, &right) {
                Some(value) => return Ok(value),
                None => operator::binary(&left, operator, &right)?,
            },
            _ => {
                let left = self.eval(left)?;
                let right = self.eval(right)?;
                match quick(&left, operator, &right) {
                    Some(value) => return Ok(value),
                    None => operator::binary(&left, operator, &right)?,
                }
            }
        };
        self.charge(value)
    }

    fn comparison(&mut self, left: &Node, comparison: Comparison, right: &Node) -> Result<bool> {
        if let (Some(a), Some(b)) = (self.operand(left), self.operand(right))
            && let Some(answer) = compare_ready(&a, comparison, &b)
        {
            return answer;
        }
        let a = self.eval(left)?;
        if let Some(b) = self.operand(right)
            && let Some(answer) = compare_ready(&a, comparison, &b)
        {
            return answer;
        }
        let b = self.eval(right)?;
        self.compare(&a, comparison, &b)
    }

    fn compare(&mut self, a: &Value, comparison: Comparison, b: &Value) -> Result<bool> {
        if let Some(answer) = compare_ready(a, comparison, b) {
            return answer;
        }
        let found = self.contains(b, a)?;
        Ok(found == (comparison == Comparison::In))
    }

    fn chain(&mut self, first: &Node, rest: &[(Comparison, Node)]) -> Result {
        let mut left = self.eval(first)?;
        for (comparison, node) in rest {
            let right = self.eval(node)?;
            if !self.compare(&left, *comparison, &right)? {
                return Ok(Value::Bool(false));
            }
            left = right;
        }
        Ok(Value::Bool(true))
    }

    /// `and` stops at the first false operand, `or` at the first true one, and gives it.
    fn junction(&mut self, nodes: &[Node], stop: bool) -> Result {
        let mut value = Value::None;
        for node in nodes {
            value = self.eval(node)?;
            if value.is_truthy() == stop {
                break;
            }
        }
        Ok(value)
    }

    fn elements(&mut self, elements: &[Element]) -> Result<Vec<Value>> {
        let mut items = Vec::with_capacity(elements.len());
        for element in elements {
            match element {
                Element::One(node) => items.push(self.eval(node)?),
                Element::Spread(node) => {
                    let value = self.eval(node)?;
                    items.extend(self.collect(value)?);
                    operator::check_items(items.len())?;
                }
            }
        }
        Ok(items)
    }

    fn set_display(&mut self, elements: &[Element]) -> Result {
        let mut set = Set::default();
        for item in self.elements(elements)? {
            hashable(&item)?;
            set.insert(item);
        }
        Ok(Value::set(set))
    }

    fn dict_display(&mut self, pairs: &[(Option<Node>, Node)]) -> Result {
        let mut dict = Dict::default();
        for (key, value) in pairs {
            match key {
                Some(key) => {
                    let key = self.eval(key)?;
                    hashable(&key)?;
                    let value = self.eval(value)?;
                    dict.insert(key, value);
                }
                None => match self.eval(value)? {
                    Value::Dict(_, other) => {
                        dict.extend(other.iter().map(|(key, value)| (key.clone(), value.clone())));
                    }
                    other => {
                        return Err(EvalError::type_error(format!("'{}' object is not a mapping", other.type_name())));
                    }
                },
            }
        }
        Ok(Value::dict(dict))
    }

    /// An f-string.
    fn text(&mut self, parts: &[TextPart]) -> Result<String> {
        let mut out = String::new();
        for part in parts {
            match part {
                TextPart::Literal(text) => out.push_str(text),
                TextPart::Value { node, conversion, format } => {
                    let mut value = self.eval(node)?;
                    match conversion {
                        Some('r') => value = Value::from(value.repr()),
                        Some('s') => value = Value::from(value.to_text()),
                        Some('a') => value = Value::from(crate::builtins::texts::ascii(&value)),
                        _ => {}
                    }
                    let spec = match format {
                        Some(parts) => self.text(parts)?,
                        None => String::new(),
                    };
                    out.push_str(&crate::format::format_value(&value, &spec)?);
                }
            }
            operator::check_text(out.len())?;
        }
        Ok(out)
    }
}

/// Sums of small numbers, which make nothing that would have to be charged.
#[inline]
fn quick(left: &Value, operator: Operator, right: &Value) -> Option<Value> {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => {
            let number = match operator {
                Operator::Add => a.checked_add(*b),
                Operator::Sub => a.checked_sub(*b),
                Operator::Mult => a.checked_mul(*b),
                _ => None,
            };
            number.map(Value::Int)
        }
        (Value::Float(a), Value::Float(b)) => match operator {
            Operator::Add => Some(Value::Float(a + b)),
            Operator::Sub => Some(Value::Float(a - b)),
            Operator::Mult => Some(Value::Float(a * b)),
            _ => None,
        },
        _ => None,
    }
}

/// Everything but `in` over something that has to be iterated.
fn compare_ready(a: &Value, comparison: Comparison, b: &Value) -> Option<Result<bool>> {
    Some(match comparison {
        Comparison::Equal => Ok(python_equal(a, b)),
        Comparison::NotEqual => Ok(!python_equal(a, b)),
        Comparison::Order(order) => compare(a, order, b),
        Comparison::Is => Ok(same(a, b)),
        Comparison::IsNot => Ok(!same(a, b)),
        Comparison::In => access::contains(b, a)?,
        Comparison::NotIn => access::contains(b, a)?.map(|found| !found),
    })
}

/// `is`: the singletons and small values as CPython shares them; collections by address.
fn same(left: &Value, right: &Value) -> bool {
    use std::sync::Arc;
    match (left, right) {
        (Value::None, Value::None) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
        (Value::List(_, a), Value::List(_, b)) => Arc::ptr_eq(a, b),
        (Value::Tuple(a), Value::Tuple(b)) => Arc::ptr_eq(a, b) || (a.is_empty() && b.is_empty()),
        (Value::Dict(_, a), Value::Dict(_, b)) => Arc::ptr_eq(a, b),
        (Value::Set(_, a), Value::Set(_, b)) => Arc::ptr_eq(a, b),
        (Value::Object(a), Value::Object(b)) => Arc::ptr_eq(a, b) || left == right,
        _ => false,
    }
}
