//! Paths and journeys as tables of text have them: cells in, `Paths` out.
//!
//! Paths: `path;total_conversions;total_conversion_value;total_null`. Journeys: `journey_id,path,converted,value,hours`,
//! one a line. Touches are joined by ` > `, and hours, from each touch to the end, likewise. Columns are found by
//! name, in any order. Refuses a line with what is wrong and how to mend it; files and lines are the caller's.

mod cells;

use crate::paths::{Outcome, Paths};
use cells::{count, joined, named, number, plain};

/// What the lines of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    Paths,
    Journeys,
}

/// What a header may have once.
const COLUMNS: [&str; 7] =
    ["path", "total_conversions", "total_conversion_value", "total_null", "converted", "value", "hours"];

/// What joins touches and hours where nobody was careless.
const PLAIN_JOINT: &str = " > ";

/// A table whose header was read.
#[derive(Debug)]
pub struct Table {
    shape: Shape,
    path: usize,
    conversions: usize,
    value: Option<usize>,
    nulls: Option<usize>,
    hours: Option<usize>,
    width: usize,
    paths: Paths,
}

impl Table {
    /// Errors: the name of a column that is missing, with those that are there.
    pub fn new<'a>(shape: Shape, header: impl Iterator<Item = &'a str>) -> Result<Table, String> {
        let names: Vec<String> = header.map(|name| name.trim().to_ascii_lowercase()).collect();
        let find = |wanted: &str| names.iter().position(|name| name == wanted);
        let need = |wanted: &str| {
            let missing = || format!("there is no column `{wanted}`; the header has {}", names.join(", "));
            find(wanted).ok_or_else(missing)
        };
        for wanted in COLUMNS {
            if names.iter().filter(|name| *name == wanted).count() > 1 {
                return Err(format!("the header has `{wanted}` twice; take one of them away"));
            }
        }
        let (conversions, value, nulls, hours) = match shape {
            Shape::Paths => ("total_conversions", "total_conversion_value", Some("total_null"), None),
            Shape::Journeys => ("converted", "value", None, Some("hours")),
        };
        Ok(Table {
            shape,
            path: need("path")?,
            conversions: need(conversions)?,
            value: find(value),
            nulls: nulls.and_then(find),
            hours: hours.and_then(find),
            width: names.len(),
            paths: Paths::new(),
        })
    }

    /// Takes a line, which `cell` knows by column. Errors: what is wrong with it; it is not taken then.
    pub fn take<'a>(&mut self, width: usize, cell: impl Fn(usize) -> &'a str) -> Result<(), String> {
        if width != self.width {
            return Err(format!(
                "{width} {}, and the header has {}; quote cells that hold the separator",
                if width == 1 { "cell" } else { "cells" },
                self.width
            ));
        }
        let outcome = self.outcome(&cell)?;
        let hours = self.hours.map(&cell).filter(|hours| !hours.trim().is_empty());
        let taken = match hours {
            Some(hours) => self.timed_touches(cell(self.path), hours),
            None => self.touches(cell(self.path)),
        };
        let closed = taken.and_then(|()| self.paths.close(outcome).map_err(|unable| unable.to_string()));
        closed.inspect_err(|_| self.paths.abandon())
    }

    /// The same columns without a line.
    pub fn fresh(&self) -> Table {
        Table { paths: Paths::new(), ..*self }
    }

    /// Takes the lines of `next` behind its own. `false`: it is as it was, and says why when it takes them one by one.
    pub fn append(&mut self, next: &Table) -> bool {
        self.paths.append(&next.paths)
    }

    pub fn finish(self) -> Paths {
        self.paths
    }

    fn outcome<'a>(&self, cell: &impl Fn(usize) -> &'a str) -> Result<Outcome, String> {
        let name = if self.shape == Shape::Paths { "total_conversion_value" } else { "value" };
        let value = self.value.map_or(Ok(0.0), |column| number(name, cell(column)))?;
        let text = cell(self.conversions);
        let (conversions, nulls) = match self.shape {
            Shape::Paths => (
                count("total_conversions", text)?,
                self.nulls.map_or(Ok(0.0), |column| count("total_null", cell(column)))?,
            ),
            Shape::Journeys => match text.trim() {
                "1" | "true" | "True" | "TRUE" => (1.0, 0.0),
                "0" | "false" | "False" | "FALSE" => (0.0, 1.0),
                other => return Err(format!("`converted` is `{other}`; write 1 or 0")),
            },
        };
        if conversions == 0.0 && value != 0.0 {
            return Err(format!("a value of {value} without a conversion; make the value 0 or count the conversion"));
        }
        Ok(Outcome { conversions, nulls, value })
    }

    fn touches(&mut self, path: &str) -> Result<(), String> {
        if path.trim().is_empty() {
            return Ok(());
        }
        for (place, name) in joined(path).enumerate() {
            let channel = self.paths.names.intern(named(place, name)?);
            self.paths.touch(channel);
        }
        Ok(())
    }

    fn timed_touches(&mut self, path: &str, hours: &str) -> Result<(), String> {
        let (mut touches, mut times) = (joined(path), Times { rest: Some(hours) });
        let mut place = 0;
        loop {
            match (touches.next(), times.next()) {
                (None, None) => return Ok(()),
                (Some(name), Some(hours)) => {
                    let channel = self.paths.names.intern(named(place, name)?);
                    self.paths.touch_at(channel, before_end(hours?)?);
                }
                (touch, _) => {
                    let (touches, times) = (joined(path).count(), joined(hours).count());
                    let which = if touch.is_some() { "a touch has no hours" } else { "some hours have no touch" };
                    return Err(format!("{touches} touches and {times} hours, so {which}; write one for each touch"));
                }
            }
            place += 1;
        }
    }
}

fn before_end(hours: f64) -> Result<f64, String> {
    if hours < 0.0 {
        return Err(format!("`hours` is {hours}; they count back from the end of the journey, so they are 0 or more"));
    }
    Ok(hours)
}

/// Hours between ` > `.
struct Times<'t> {
    rest: Option<&'t str>,
}

impl Iterator for Times<'_> {
    type Item = Result<f64, String>;

    #[inline]
    fn next(&mut self) -> Option<Result<f64, String>> {
        let text = self.rest?;
        if let Some((hours, length)) = plain(text.as_bytes()) {
            let behind = &text[length..];
            if behind.is_empty() {
                self.rest = None;
                return Some(Ok(hours));
            }
            let next = behind.strip_prefix(PLAIN_JOINT);
            if let Some(rest) = next.filter(|rest| rest.as_bytes().first().is_some_and(u8::is_ascii_digit)) {
                self.rest = Some(rest);
                return Some(Ok(hours));
            }
        }
        let part = joined(text).next()?;
        self.rest = text.get(part.len() + 1..);
        if part.trim().is_empty() {
            return Some(Err("a touch has no hours between two ` > `; write one for each touch".to_owned()));
        }
        Some(number("hours", part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(shape: Shape, header: &str, line: &str) -> Result<Paths, String> {
        let mut table = Table::new(shape, header.split(';'))?;
        let cells: Vec<&str> = line.split(';').collect();
        table.take(cells.len(), |column| cells[column])?;
        Ok(table.finish())
    }

    const PATHS: &str = "path;total_conversions;total_conversion_value;total_null";
    const JOURNEYS: &str = "journey_id;path;converted;value;hours";

    #[test]
    fn touches_are_what_stands_between_signs_with_blanks() {
        let paths = taken(Shape::Paths, PATHS, "a > b>c > a ;2;3.5;1").unwrap();
        assert_eq!(paths.names.iter().collect::<Vec<_>>(), ["a", "b>c"]);
        assert_eq!(paths.path(0).touches, [0, 1, 0]);
        assert_eq!(paths.outcomes(), [Outcome { conversions: 2.0, nulls: 1.0, value: 3.5 }]);
        assert!(taken(Shape::Paths, PATHS, ";2;0;0").unwrap().path(0).touches.is_empty());
    }

    #[test]
    fn bad_lines_say_what_to_do() {
        for (shape, line, says) in [
            (Shape::Paths, "a;1;1", "3 cells"),
            (Shape::Paths, "a > > b;1;1;0", "touch 2 of the path has no name"),
            (Shape::Paths, "a;-1;0;0", "a count is 0 or more"),
            (Shape::Paths, "a;one;0;0", "`total_conversions` is `one`"),
            (Shape::Paths, "a;1;inf;0", "no number"),
            (Shape::Paths, "a;0;4;1", "without a conversion"),
            (Shape::Journeys, "j;a;2;0;1", "write 1 or 0"),
            (Shape::Journeys, "j;a > b;1;0;1", "2 touches and 1 hours, so a touch has no hours"),
            (Shape::Journeys, "j;a;1;0;1 > 2", "1 touches and 2 hours, so some hours have no touch"),
            (Shape::Journeys, "j;a > b > c;1;0;1 > > 2", "no hours between"),
        ] {
            let header = if shape == Shape::Paths { PATHS } else { JOURNEYS };
            let error = taken(shape, header, line).unwrap_err();
            assert!(error.contains(says), "{line}: {error}");
        }
        assert!(Table::new(Shape::Paths, ["path"].into_iter()).unwrap_err().contains("`total_conversions`"));
    }
}
