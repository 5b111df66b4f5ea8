//! Journeys and credit per touch point. Pure sums over names and times; one file per model.
