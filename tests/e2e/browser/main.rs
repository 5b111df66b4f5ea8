//! The studio in a headless Chromium over the real HTTP host: what the user does from an empty start
//! page to a bundle, one test each, every one with a host, a workspace and a browser of its own.

mod attribution;
mod bandit;
mod beside;
mod charts;
mod data;
mod editing;
mod explaining;
mod export;
mod exporting;
mod live;
mod navigating;
mod opening;
mod pictures;
mod security;
mod session;

use std::process::ExitCode;

use e2e::trial::{run, trial};

/// Trials by module, each named as its function.
macro_rules! trials {
    ($($module:ident: $($name:ident)+;)+) => {
        vec![$($(trial(stringify!($name), || Box::pin($module::$name()))),+),+]
    };
}

fn main() -> ExitCode {
    run(trials! {
        opening:
            a_template_opens_and_runs
            the_worker_runs_under_the_csp
            a_reload_keeps_the_work
            a_folder_of_ones_own_opens
            rows_equal_the_command_lines;
        data:
            a_dropped_file_is_read
            a_chosen_file_is_read
            a_big_file_leaves_the_page_free
            bad_records_are_listed_and_the_rest_runs;
        editing:
            an_error_is_marked_and_the_fix_changes_rows
            a_failing_expression_is_counted_and_found
            what_can_stand_there_is_offered
            broken_documents_are_told_and_nothing_is_lost;
        navigating:
            names_lead_to_their_definitions
            a_new_name_goes_everywhere_and_rows_stay
            a_field_tells_its_value_for_the_selected_row
            a_ragged_document_is_laid_out;
        editing:
            typing_reaches_the_editor;
        explaining:
            a_cell_tells_its_story
            a_story_is_read_by_keys_alone
            a_window_value_leads_to_its_blocks
            pictures_of_stories;
        charts:
            charts_show_the_data_on_hover
            policies_are_picked_and_their_figures_follow;
        bandit:
            a_refused_policy_shows_its_reason_and_no_number
            every_state_of_the_bandit_page_says_what_to_do
            a_huge_log_is_stopped_and_computed_again
            everything_shown_can_be_taken
            an_unreadable_log_is_told_with_the_cure;
        live:
            the_live_page_follows_the_service;
        attribution:
            attribution_from_dropped_events_to_report
            three_columns_work_as_they_are;
        beside:
            two_runs_stand_beside_each_other
            doubts_can_be_stopped_and_asked_for_again
            a_model_that_cannot_run_says_why_and_the_others_stand;
        attribution:
            pictures_of_attribution;
        export:
            sam_download_equals_the_command_lines
            cloudformation_download_equals_the_command_lines;
        exporting:
            an_export_is_told_beside_the_last_one
            edits_by_hand_stop_a_save_and_stay
            resources_are_read_by_keys
            a_refused_export_leads_to_its_document
            a_bundle_is_verified_by_what_is_installed
            a_verification_can_be_stopped
            a_huge_bundle_is_shown;
        security:
            strangers_are_refused;
        pictures:
            pictures_of_every_screen;
    })
}
