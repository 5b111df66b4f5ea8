//! The expressions of a document, each with its place in the document and what is known of it.

use dtc_expr::infer::Use;
use dtc_expr::{FieldId, FieldType, GroupId, Inferred, Mode};

use crate::document::{Expression, Field};

/// An expression that compiles.
pub(crate) struct Part<'d> {
    pub expression: &'d Expression,
    pub role: Role<'d>,
    pub inferred: Inferred,
}

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
