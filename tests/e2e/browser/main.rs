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
mod live;
mod navigating;
mod opening;
mod pictures;
mod security;
mod session;

use std::process::ExitCode;

use e2e::trial::{run, trial};

fn main() -> ExitCode {
    run(vec![
        trial("a_template_opens_and_runs", || Box::pin(opening::a_template_opens_and_runs())),
        trial("the_worker_runs_under_the_csp", || Box::pin(opening::the_worker_runs_under_the_csp())),
        trial("a_reload_keeps_the_work", || Box::pin(opening::a_reload_keeps_the_work())),
        trial("a_folder_of_ones_own_opens", || Box::pin(opening::a_folder_of_ones_own_opens())),
        trial("rows_equal_the_command_lines", || Box::pin(opening::rows_equal_the_command_lines())),
        trial("a_dropped_file_is_read", || Box::pin(data::a_dropped_file_is_read())),
        trial("a_chosen_file_is_read", || Box::pin(data::a_chosen_file_is_read())),
        trial("a_big_file_leaves_the_page_free", || Box::pin(data::a_big_file_leaves_the_page_free())),
        trial(
            "bad_records_are_listed_and_the_rest_runs",
            || Box::pin(data::bad_records_are_listed_and_the_rest_runs()),
        ),
        trial("an_error_is_marked_and_the_fix_changes_rows", || {
            Box::pin(editing::an_error_is_marked_and_the_fix_changes_rows())
        }),
        trial("a_failing_expression_is_counted_and_found", || {
            Box::pin(editing::a_failing_expression_is_counted_and_found())
        }),
        trial("what_can_stand_there_is_offered", || Box::pin(editing::what_can_stand_there_is_offered())),
        trial("broken_documents_are_told_and_nothing_is_lost", || {
            Box::pin(editing::broken_documents_are_told_and_nothing_is_lost())
        }),
        trial("names_lead_to_their_definitions", || Box::pin(navigating::names_lead_to_their_definitions())),
        trial("a_new_name_goes_everywhere_and_rows_stay", || {
            Box::pin(navigating::a_new_name_goes_everywhere_and_rows_stay())
        }),
        trial("a_field_tells_its_value_for_the_selected_row", || {
            Box::pin(navigating::a_field_tells_its_value_for_the_selected_row())
        }),
        trial("a_ragged_document_is_laid_out", || Box::pin(navigating::a_ragged_document_is_laid_out())),
        trial("typing_reaches_the_editor", || Box::pin(editing::typing_reaches_the_editor())),
        trial("a_cell_tells_its_story", || Box::pin(explaining::a_cell_tells_its_story())),
        trial("a_story_is_read_by_keys_alone", || Box::pin(explaining::a_story_is_read_by_keys_alone())),
        trial("a_window_value_leads_to_its_blocks", || Box::pin(explaining::a_window_value_leads_to_its_blocks())),
        trial("pictures_of_stories", || Box::pin(explaining::pictures_of_stories())),
        trial("charts_show_the_data_on_hover", || Box::pin(charts::charts_show_the_data_on_hover())),
        trial("policies_are_picked_and_their_figures_follow", || {
            Box::pin(charts::policies_are_picked_and_their_figures_follow())
        }),
        trial("a_refused_policy_shows_its_reason_and_no_number", || {
            Box::pin(bandit::a_refused_policy_shows_its_reason_and_no_number())
        }),
        trial("every_state_of_the_bandit_page_says_what_to_do", || {
            Box::pin(bandit::every_state_of_the_bandit_page_says_what_to_do())
        }),
        trial("a_huge_log_is_stopped_and_computed_again", || {
            Box::pin(bandit::a_huge_log_is_stopped_and_computed_again())
        }),
        trial("the_live_page_follows_the_service", || Box::pin(live::the_live_page_follows_the_service())),
        trial("attribution_from_dropped_events_to_report", || {
            Box::pin(attribution::attribution_from_dropped_events_to_report())
        }),
        trial("three_columns_work_as_they_are", || Box::pin(attribution::three_columns_work_as_they_are())),
        trial("two_runs_stand_beside_each_other", || Box::pin(beside::two_runs_stand_beside_each_other())),
        trial("doubts_can_be_stopped_and_asked_for_again", || {
            Box::pin(beside::doubts_can_be_stopped_and_asked_for_again())
        }),
        trial("a_model_that_cannot_run_says_why_and_the_others_stand", || {
            Box::pin(beside::a_model_that_cannot_run_says_why_and_the_others_stand())
        }),
        trial("pictures_of_attribution", || Box::pin(attribution::pictures_of_attribution())),
        trial("sam_download_equals_the_command_lines", || Box::pin(export::sam_download_equals_the_command_lines())),
        trial("cloudformation_download_equals_the_command_lines", || {
            Box::pin(export::cloudformation_download_equals_the_command_lines())
        }),
        trial("strangers_are_refused", || Box::pin(security::strangers_are_refused())),
        trial("pictures_of_every_screen", || Box::pin(pictures::pictures_of_every_screen())),
    ])
}
