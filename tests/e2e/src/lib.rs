//! Steering the real studio from outside: the programs it starts, the page it looks at, the command
//! line it compares with. Knows the page by its `data-testid`s only; imports nothing of ours.

pub mod console;
pub mod driver;
pub mod host;
pub mod page;
pub mod picture;
pub mod places;
pub mod program;
pub mod rows;
pub mod trial;
pub mod xdnd;
