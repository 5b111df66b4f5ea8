//! Charts on the page: the style from its tokens, the drawing with hover and keys.

pub mod chart_view;
pub mod pick;
pub mod style;
