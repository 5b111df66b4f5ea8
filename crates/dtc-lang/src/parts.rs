//! An expression that compiles, with what is known of it.

use dtc_expr::Inferred;

use crate::document::Expression;
use crate::expressions::Role;

pub(crate) struct Part<'d> {
    pub expression: &'d Expression,
    pub role: Role<'d>,
    pub inferred: Inferred,
}
