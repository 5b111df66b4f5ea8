//! The statements that replace a run's scores, as text. Redshift speaks an older SQL: what it reads otherwise is said here.
//!
//! No `ON CONFLICT` and no `COPY` from the client, which Redshift does not have: rows are deleted and inserted in one
//! transaction that holds the table. Source: Amazon Redshift Database Developer Guide, "Amazon Redshift and PostgreSQL",
//! `LOCK`, "Character types".

use super::Flavour;
use crate::scores::{NUMBERS, TEXTS};
use crate::sql;

/// In Redshift `text` is a varchar of 256 bytes, in a table and in a cast; this is the longest that there is.
fn text(flavour: Flavour) -> &'static str {
    match flavour {
        Flavour::Postgres => "text",
        Flavour::Redshift => "varchar(65535)",
    }
}

pub(super) fn create(table: &str, flavour: Flavour) -> String {
    sql::create(table, text(flavour), "double precision", sql::quoted)
}

/// Redshift locks a table in one way, and has no word for it.
pub(super) fn lock(table: &str, flavour: Flavour) -> String {
    let mode = match flavour {
        Flavour::Postgres => " IN SHARE ROW EXCLUSIVE MODE",
        Flavour::Redshift => "",
    };
    format!("LOCK TABLE {table}{mode}")
}

/// Of document `$1` and run `$2`.
pub(super) fn delete(table: &str, flavour: Flavour) -> String {
    let text = text(flavour);
    format!("DELETE FROM {table} WHERE \"document\" = CAST($1 AS {text}) AND \"run\" = CAST($2 AS {text})")
}

/// So many rows, each with a parameter a column. Casts, because parameters of several rows have no type of their own.
pub(super) fn insert(table: &str, flavour: Flavour, rows: usize) -> String {
    let width = TEXTS.len() + NUMBERS.len();
    let cell = |row: usize, column: usize| {
        let kind = if column < TEXTS.len() { text(flavour) } else { "double precision" };
        format!("CAST(${} AS {kind})", row * width + column + 1)
    };
    let line = |row: usize| {
        let cells: Vec<String> = (0..width).map(|column| cell(row, column)).collect();
        format!("({})", cells.join(", "))
    };
    let lines: Vec<String> = (0..rows).map(line).collect();
    format!("INSERT INTO {table} ({}) VALUES {}", sql::columns(sql::quoted), lines.join(", "))
}

#[cfg(test)]
mod tests {
    use super::Flavour::{Postgres, Redshift};
    use super::*;

    #[test]
    fn redshift_reads_its_own_dialect() {
        let table = "\"marts\".\"scores\"";
        assert_eq!(
            create(table, Redshift),
            "CREATE TABLE IF NOT EXISTS \"marts\".\"scores\" (\"document\" varchar(65535) NOT NULL, \
             \"run\" varchar(65535) NOT NULL, \"model\" varchar(65535) NOT NULL, \"touch_point\" varchar(65535) NOT NULL, \
             \"conversions\" double precision, \"share\" double precision, \"value\" double precision, \
             \"cost\" double precision, \"return_on_spend\" double precision, \"share_low\" double precision, \
             \"share_high\" double precision)"
        );
        assert_eq!(lock(table, Redshift), "LOCK TABLE \"marts\".\"scores\"");
        assert_eq!(
            delete(table, Redshift),
            "DELETE FROM \"marts\".\"scores\" WHERE \"document\" = CAST($1 AS varchar(65535)) AND \
             \"run\" = CAST($2 AS varchar(65535))"
        );
        let row = insert(table, Redshift, 2);
        assert!(row.starts_with("INSERT INTO \"marts\".\"scores\" (\"document\", \"run\", "), "{row}");
        assert!(row.contains("VALUES (CAST($1 AS varchar(65535)), CAST($2 AS varchar(65535)), "), "{row}");
        assert!(row.ends_with(", CAST($22 AS double precision))") && row.matches("), (").count() == 1, "{row}");
        for statement in [create(table, Redshift), delete(table, Redshift), row] {
            for missing in ["ON CONFLICT", "RETURNING", "COPY", "AS text", " text ", "MERGE", "WITH "] {
                assert!(!statement.contains(missing), "{missing}: {statement}");
            }
        }
    }

    #[test]
    fn postgres_lets_others_read_meanwhile() {
        assert_eq!(lock("\"scores\"", Postgres), "LOCK TABLE \"scores\" IN SHARE ROW EXCLUSIVE MODE");
        assert!(create("\"scores\"", Postgres).contains("\"model\" text NOT NULL"));
        assert!(insert("\"scores\"", Postgres, 1).contains("VALUES (CAST($1 AS text), "));
    }

    /// 32,767 parameters are the most that a statement may have.
    #[test]
    fn a_statement_is_not_too_long() {
        assert!(super::super::AT_ONCE * (TEXTS.len() + NUMBERS.len()) <= 32_767);
    }
}
