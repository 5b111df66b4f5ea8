//! PostgreSQL's errors, by the code that it gives them, with what to do.

use std::error::Error as _;

use dtc_io::IoError;
use tokio_postgres::Error;

use crate::refusal::refused;

pub(super) fn failed(place: &str, error: &Error) -> IoError {
    let Some(told) = error.as_db_error() else {
        let cause = error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"));
        return refused(place, format!("the server cannot be reached ({cause})"), cure_of(&cause));
    };
    let cure = match told.code().code() {
        "28P01" | "28000" => "check the user, and the password in the environment or the keychain",
        "3D000" => "check the name of the database, or make it with `CREATE DATABASE`",
        "3F000" => "check the name of the schema, or make it with `CREATE SCHEMA`",
        "42501" => "let this user do it with `GRANT`, or take another one",
        "42P01" => "check the name of the table and the schema",
        "42703" | "42804" => "a table of another shape has this name; name another one under `Table`",
        "53100" | "53200" | "53300" => "the server is out of room; try again later",
        _ => "nothing was changed; mend what the server says and write again",
    };
    refused(place, told.message(), cure)
}

/// What helps against an error that the server did not tell.
fn cure_of(cause: &str) -> &'static str {
    if cause.contains("certificate") {
        "name a file of its authority's certificates, in PEM, in PGSSLROOTCERT, and its host as they do"
    } else if cause.contains("does not support TLS") {
        "turn encryption on at the server: passwords go to other machines in no other way"
    } else {
        "check host, port and network"
    }
}
