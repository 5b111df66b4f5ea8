//! PostgreSQL, and Redshift, which speaks its protocol.
//!
//! Scores are replaced in one transaction that holds the table against other writers. Parameters carry every value.

mod connect;
mod failure;
mod rows;
mod statements;

use std::sync::Arc;

use dtc_io::{IoError, Origin};
use tokio::runtime::Runtime;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Transaction};

use crate::lines::TableInput;
use crate::scores::{NUMBERS, Scores, TEXTS};
use crate::secret::Secrets;
use crate::{Warehouse, sql};
use failure::failed;
use rows::PostgresTable;

/// Rows of one statement: below the 32,767 parameters that Redshift takes.
const AT_ONCE: usize = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    Postgres,
    Redshift,
}

/// Where a server is; what is `None` is as PostgreSQL's own tools have it (`PGHOST`, `PGPORT`, …).
#[derive(Debug, Clone, Default)]
pub struct PostgresPlace {
    pub host: Option<String>,
    pub port: Option<u16>,
    pub database: Option<String>,
    pub schema: Option<String>,
    pub user: Option<String>,
    /// The table of scores.
    pub table: String,
}

/// A connection.
pub struct Postgres {
    link: Arc<Link>,
    flavour: Flavour,
    place: PostgresPlace,
}

/// What the tables that are read share with the connection.
struct Link {
    runtime: Runtime,
    client: tokio::sync::Mutex<Client>,
    /// For messages: `postgres://host:port/database`.
    shown: String,
}

impl Postgres {
    /// Errors: the server cannot be reached, or does not let this user in.
    pub fn connect(place: PostgresPlace, flavour: Flavour, secrets: &Secrets) -> Result<Postgres, IoError> {
        let link = Arc::new(connect::connect(&place, flavour, secrets)?);
        Ok(Postgres { link, flavour, place })
    }

    fn table(&self, name: &str) -> String {
        sql::table(self.place.schema.as_deref(), name, sql::quoted)
    }

    async fn replace(&self, client: &mut Client, scores: &Scores) -> Result<(), tokio_postgres::Error> {
        let table = self.table(&self.place.table);
        self.make(client, &table).await?;
        let transaction = client.transaction().await?;
        // Of two writers the second waits here, and then sees what the first one left.
        transaction.batch_execute(&statements::lock(&table, self.flavour)).await?;
        let of_run = statements::delete(&table, self.flavour);
        transaction.execute(&of_run, &[&scores.document, &scores.run]).await?;
        for first in (0..scores.rows.len()).step_by(AT_ONCE) {
            let range = first..scores.rows.len().min(first + AT_ONCE);
            let statement = statements::insert(&table, self.flavour, range.len());
            insert(&transaction, &statement, scores, range).await?;
        }
        transaction.commit().await
    }

    async fn make(&self, client: &Client, table: &str) -> Result<(), tokio_postgres::Error> {
        let create = statements::create(table, self.flavour);
        match client.batch_execute(&create).await {
            // Two that make it at once collide in the catalogue although both say IF NOT EXISTS.
            Err(_) => client.batch_execute(&create).await,
            made => made,
        }
    }
}

async fn insert(
    transaction: &Transaction<'_>,
    statement: &str,
    scores: &Scores,
    range: std::ops::Range<usize>,
) -> Result<(), tokio_postgres::Error> {
    let rows: Vec<_> = scores.rows[range].iter().map(|row| (scores.texts(row), row.numbers())).collect();
    let mut values: Vec<&(dyn ToSql + Sync)> = Vec::with_capacity(rows.len() * (TEXTS.len() + NUMBERS.len()));
    for (texts, numbers) in &rows {
        values.extend(texts.iter().map(|text| text as &(dyn ToSql + Sync)));
        values.extend(numbers.iter().map(|number| number as &(dyn ToSql + Sync)));
    }
    transaction.execute(statement, &values).await.map(drop)
}

impl Warehouse for Postgres {
    fn write(&self, scores: &Scores) -> Result<String, IoError> {
        let written = self.link.runtime.block_on(async {
            let mut client = self.link.client.lock().await;
            self.replace(&mut client, scores).await
        });
        let shown = format!("{}, table {}", self.link.shown, self.place.table);
        written.map_err(|error| failed(&shown, &error))?;
        Ok(shown)
    }

    fn scores(&self, _document: &str, _run: &str) -> Result<Vec<Box<dyn Origin>>, IoError> {
        self.events(&self.place.table)
    }

    fn events(&self, table: &str) -> Result<Vec<Box<dyn Origin>>, IoError> {
        let shown = format!("{}, table {table}", self.link.shown);
        let rows = PostgresTable { link: self.link.clone(), table: self.table(table), shown: shown.clone() };
        Ok(vec![Box::new(TableInput { shown, rows })])
    }
}
