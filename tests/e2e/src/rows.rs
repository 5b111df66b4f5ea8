//! A table's rows, as the page shows them and as the command line writes them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;

use crate::page::Page;
use crate::places;

pub type Row = Vec<Option<String>>;

#[derive(Debug, PartialEq)]
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Row>,
}

/// Chooses a table in the page and reads all of it, scrolling as a user would.
pub async fn shown(page: &Page, table: &str) -> Result<Table> {
    page.click(&format!("tab-{table}")).await?;
    let wanted = page.number(&format!("rows-{table}")).await?;
    let chosen = "return document.querySelector('.results [role=grid]')?.getAttribute('aria-label') === arguments[0]";
    page.until("the table", chosen, vec![json!(table)]).await?;
    page.run("document.querySelector('.results [role=grid]').scrollTop = 0", vec![]).await?;
    let head = "return [...document.querySelectorAll('.results [data-testid=column] .name')].map(e => e.firstChild.textContent)";
    let columns = page.until("the table's head", head, vec![]).await?;
    let columns: Vec<String> = serde_json::from_value(columns)?;
    let mut rows: BTreeMap<u64, Row> = BTreeMap::new();
    let read = "
        const scroller = document.querySelector('.results [role=grid]');
        if (scroller.getAttribute('aria-label') !== arguments[0]) return null;
        const rows = [...scroller.querySelectorAll('[data-testid=row]')];
        if (rows.some(row => row.querySelector('.loading') || row.classList.contains('old'))) return null;
        return rows.map(row => [Number(row.dataset.row), [...row.querySelectorAll('[data-testid=cell]')].map(
            cell => cell.classList.contains('null') ? null : cell.title)]);";
    let scroll = "
        const scroller = document.querySelector('.results [role=grid]');
        const height = scroller.querySelector('[data-testid=row]')?.offsetHeight ?? 0;
        scroller.scrollTop = Math.max(0, arguments[0] - 1) * height;";
    let mut idle = 0;
    while (rows.len() as u64) < wanted {
        let seen: Vec<(u64, Row)> = serde_json::from_value(page.until("rows", read, vec![json!(table)]).await?)?;
        let before = rows.len();
        rows.extend(seen);
        if rows.len() > before {
            idle = 0;
            let next = missing(&rows, wanted).first().copied().unwrap_or(wanted);
            page.run(scroll, vec![json!(next)]).await?;
        } else {
            // The page draws in its own time.
            idle += 1;
            ensure!(idle < 200, "scrolling brings no more rows of {table}; missing: {:?}", missing(&rows, wanted));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    ensure!(rows.keys().copied().eq(0..wanted), "the rows are numbered with gaps");
    Ok(Table { columns, rows: rows.into_values().collect() })
}

fn missing(rows: &BTreeMap<u64, Row>, wanted: u64) -> Vec<u64> {
    (0..wanted).filter(|number| !rows.contains_key(number)).collect()
}

/// Runs `dtc transform` over a template and reads one table of what it wrote.
pub struct Written {
    folder: tempfile::TempDir,
}

impl Written {
    pub fn by_command_line(streaming: &Path, window: Option<&Path>, data: &[PathBuf]) -> Result<Self> {
        let folder = tempfile::TempDir::new()?;
        let mut command = Command::new(places::program("dtc")?);
        command.arg("transform").arg("--streaming").arg(streaming);
        if let Some(window) = window {
            command.arg("--window").arg(window);
        }
        command.arg("--source").args(data).args(["--format", "csv", "--out"]).arg(folder.path());
        let output = command.output()?;
        if !output.status.success() {
            bail!("dtc transform failed:\n{}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(Self { folder })
    }

    pub fn table(&self, name: &str) -> Result<Table> {
        let file = self.folder.path().join(format!("{name}.csv"));
        let text = std::fs::read_to_string(&file).with_context(|| format!("dtc transform wrote no {name}.csv"))?;
        let mut records = csv(&text).into_iter();
        let columns = records.next().context("a table without a head")?.into_iter().map(Option::unwrap_or_default);
        Ok(Table { columns: columns.collect(), rows: records.collect() })
    }
}

/// Commas, quotes, doubled quotes. An empty cell without quotes is a missing value.
fn csv(text: &str) -> Vec<Row> {
    let (mut records, mut record, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut inside) = (false, false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if inside && letters.peek() == Some(&'"') => cell.extend(letters.next()),
            '"' => {
                inside = !inside;
                quoted = true;
            }
            ',' | '\n' if !inside => {
                let value = std::mem::take(&mut cell);
                record.push((quoted || !value.is_empty()).then_some(value));
                quoted = false;
                if letter == '\n' {
                    records.push(std::mem::take(&mut record));
                }
            }
            '\r' if !inside => {}
            letter => cell.push(letter),
        }
    }
    records
}

/// Says where two tables first differ.
pub fn ensure_equal(page: &Table, command_line: &Table) -> Result<()> {
    ensure!(page.columns == command_line.columns, "columns differ: {:?} and {:?}", page.columns, command_line.columns);
    ensure!(
        page.rows.len() == command_line.rows.len(),
        "{} rows in the page, {} from dtc",
        page.rows.len(),
        command_line.rows.len()
    );
    for (number, (left, right)) in page.rows.iter().zip(&command_line.rows).enumerate() {
        ensure!(left == right, "row {number} differs\npage: {left:?}\ndtc:  {right:?}");
    }
    Ok(())
}
