//! Every expression of a document with what it is for and the scope in which it runs: one walk, for whoever
//! looks at them all.

use dtc_expr::infer::Use;
use dtc_expr::{FieldId, FieldType, GroupId, Mode, Scope};

use crate::check::Project;
use crate::document::{Aggregate, AggregateKind, Document, Expression, Field, Join, PolicyKind, Streaming, Window};
use crate::rules::sources::stream_of;
use crate::scopes;

/// What an expression is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Role<'d> {
    /// Identity, time and the like.
    Value,
    /// Of a touch, a conversion, a decision…
    Condition,
    DocumentWhen,
    /// A window document's own condition, asked for each row.
    RowWhen,
    AggregateWhen(GroupId),
    Split(GroupId),
    Anchor,
    FieldValue(Place<'d>),
    FieldWhen(Place<'d>),
}

/// A field of an aggregate and its slot.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'d> {
    pub group: GroupId,
    pub slot: FieldId,
    pub field: &'d Field,
    /// Dimensions are evaluated before all fields.
    pub dimension: bool,
}

impl Role<'_> {
    pub(crate) fn used_as(&self, mode: Mode) -> Use {
        match self {
            Role::Value => Use::Value,
            // Ours reads such texts by their meaning (LANGUAGE.md A.5).
            Role::FieldValue(place) if mode == Mode::Blurr && place.field.field_type == FieldType::Boolean => {
                Use::Condition
            }
            Role::FieldValue(_) => Use::Value,
            _ => Use::Condition,
        }
    }

    pub(crate) fn is_condition(&self) -> bool {
        !matches!(self, Role::Value | Role::FieldValue(_))
    }

    /// The aggregate that the expression belongs to.
    pub(crate) fn group(&self) -> Option<GroupId> {
        match self {
            Role::AggregateWhen(group) | Role::Split(group) => Some(*group),
            Role::FieldValue(place) | Role::FieldWhen(place) => Some(place.group),
            Role::Value | Role::Condition | Role::DocumentWhen | Role::RowWhen | Role::Anchor => None,
        }
    }
}

/// An expression where it stands.
pub(crate) struct Site<'d, 's> {
    pub expression: &'d Expression,
    pub role: Role<'d>,
    /// Of a window document whose streaming document is unknown: only imports and `source`.
    pub scope: &'s Scope,
    /// The number of the aggregate that it stands in.
    pub aggregate: Option<usize>,
}

/// Calls `visit` for each expression, part by part.
pub(crate) fn visit<'d>(document: &'d Document, project: &Project, visit: impl FnMut(Site<'d, '_>)) {
    let mut walk = Walk { project, visit };
    match document {
        Document::Streaming(streaming) => walk.streaming(streaming),
        Document::Window(window) => walk.window(window),
        Document::Attribution(document) => {
            let scope = scopes::attribution(document, &project.streaming, &project.functions);
            let conditions = document.touch.when.iter().chain([&document.conversion_when]);
            let conditions = conditions.chain(&document.milestone_when);
            let header = document.identity.iter().chain(&document.time);
            walk.header([&document.touch.value].into_iter().chain(header), Role::Value, &scope);
            walk.header(document.touch.cost.iter().chain(&document.conversion_value), Role::Value, &scope);
            walk.header(conditions.chain(&document.header.when), Role::Condition, &scope);
        }
        Document::Pipeline(_) => {}
        Document::Join(document) => {
            let scope = scopes::join(document, &project.functions);
            let conditions = [&document.decision_when, &document.reward_when].into_iter();
            let values = [&document.key, &document.time, &document.action, &document.reward_value];
            let more = document.probability.iter().chain(&document.context);
            walk.header(values.into_iter().chain(more), Role::Value, &scope);
            let more = document.override_when.iter().chain(&document.activation_when).chain(&document.header.when);
            walk.header(conditions.chain(more), Role::Condition, &scope);
            walk.policies(document, &scope);
        }
    }
}

struct Walk<'p, V> {
    project: &'p Project,
    visit: V,
}

/// The aggregate that is walked, and the scope of its expressions.
struct Own<'s> {
    index: usize,
    group: GroupId,
    scope: &'s Scope,
}

impl<'d, V: FnMut(Site<'d, '_>)> Walk<'_, V> {
    fn header(&mut self, expressions: impl IntoIterator<Item = &'d Expression>, role: Role<'d>, scope: &Scope) {
        for expression in expressions {
            (self.visit)(Site { expression, role, scope, aggregate: None });
        }
    }

    fn policies(&mut self, document: &'d Join, of_records: &Scope) {
        let scope = scopes::policy(document, &self.project.functions);
        for policy in &document.policies {
            match &policy.kind {
                PolicyKind::Expression(value) => self.header([value], Role::Value, &scope),
                PolicyKind::Column(value) => self.header([value], Role::Value, of_records),
                _ => {}
            }
        }
    }

    fn streaming(&mut self, document: &'d Streaming) {
        let functions = &self.project.functions;
        let intake = scopes::intake(&document.header.imports, functions);
        let header = [&document.identity, &document.time].into_iter().chain(&document.event_id);
        self.header(header, Role::Value, &intake);
        let outer = scopes::streaming(document, functions, None);
        self.header(&document.header.when, Role::DocumentWhen, &outer);
        for (index, aggregate) in document.aggregates.iter().enumerate() {
            let scope = scopes::inside(&outer, document, index);
            self.aggregate(aggregate, &Own { index, group: scopes::group(index), scope: &scope });
        }
    }

    fn aggregate(&mut self, aggregate: &'d Aggregate, own: &Own) {
        self.own(&aggregate.when, Role::AggregateWhen(own.group), own);
        if let AggregateKind::Session { split } = &aggregate.kind {
            self.own(split, Role::Split(own.group), own);
        }
        let first = scopes::first_field(&aggregate.kind);
        self.fields(&aggregate.fields, first, false, own);
        self.fields(aggregate.dimensions(), first + aggregate.fields.len(), true, own);
    }

    fn window(&mut self, document: &'d Window) {
        let project = self.project;
        let stream = stream_of(document, &project.streaming);
        let scope = |index| match stream {
            Some(stream) => scopes::window(document, stream, &project.functions, index),
            None => scopes::intake(&document.header.imports, &project.functions),
        };
        let outer = scope(None);
        self.header(&document.header.when, Role::RowWhen, &outer);
        self.header([&document.anchor.condition], Role::Anchor, &outer);
        let before = stream.map_or(0, |stream| stream.aggregates.len());
        for (index, aggregate) in document.aggregates.iter().enumerate() {
            let own = Own { index, group: scopes::group(before + index), scope: &scope(Some(index)) };
            self.own(&aggregate.when, Role::AggregateWhen(own.group), &own);
            self.fields(&aggregate.fields, 1, false, &own);
        }
    }

    /// `first`: the slot of the first field.
    fn fields(&mut self, fields: &'d [Field], first: usize, dimension: bool, own: &Own) {
        for (index, field) in fields.iter().enumerate() {
            let slot = FieldId(u16::try_from(first + index).unwrap_or(u16::MAX));
            let place = Place { group: own.group, slot, field, dimension };
            self.own([&field.value], Role::FieldValue(place), own);
            self.own(&field.when, Role::FieldWhen(place), own);
        }
    }

    fn own(&mut self, expressions: impl IntoIterator<Item = &'d Expression>, role: Role<'d>, own: &Own) {
        for expression in expressions {
            (self.visit)(Site { expression, role, scope: own.scope, aggregate: Some(own.index) });
        }
    }
}
