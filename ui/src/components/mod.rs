//! Parts of the page, one a file. They read the state and send the user's wishes back to it.

pub mod bottom_panel;
pub mod data_panel;
pub mod data_table;
pub mod dialogs;
pub mod document_bar;
pub mod drop_overlay;
pub mod empty;
pub mod fields_panel;
pub mod figures;
pub mod file_input;
pub mod icon;
pub mod modal;
pub mod new_document;
pub mod offline_banner;
pub mod output_list;
pub mod palette;
pub mod problem_list;
pub mod project_menu;
pub mod results;
pub mod roving;
pub mod run_notice;
pub mod side_panel;
pub mod splitter;
pub mod status_bar;
pub mod toast_list;
pub mod top_bar;
