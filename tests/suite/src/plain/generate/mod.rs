//! Random projects: two documents and files of events, made from numbers so that they shrink to something short.
//! A removed part leaves a valid project: what one part refers to is chosen among what there is.

mod events;
mod expressions;
mod stream;
mod windows;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value as Json;

use super::case::Case;

/// The numbers that a field, an aggregate's head, or an event is made of.
type Genes = [u16; 32];

#[derive(Debug, Clone)]
struct AggregateGenes {
    head: Genes,
    fields: Vec<Genes>,
    dimensions: Vec<Genes>,
}

#[derive(Debug, Clone)]
struct WindowGenes {
    head: Genes,
    aggregates: Vec<AggregateGenes>,
}

#[derive(Debug, Clone)]
pub struct ProjectGenes {
    head: Genes,
    aggregates: Vec<AggregateGenes>,
    window: Option<WindowGenes>,
    files: Vec<Vec<Genes>>,
}

/// Whether events may share a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    Any,
    /// No two events have the same time or id, and nothing counts what comes first in a run.
    Distinct,
}

pub fn projects() -> impl Strategy<Value = ProjectGenes> {
    let events = vec(vec(genes(), 0..16), 1..4);
    let aggregates = vec(aggregate(0..3), 1..5);
    let window = (genes(), vec(aggregate(0..1), 1..4));
    let window =
        proptest::option::weighted(0.7, window.prop_map(|(head, aggregates)| WindowGenes { head, aggregates }));
    (genes(), aggregates, window, events).prop_map(|(head, aggregates, window, files)| ProjectGenes {
        head,
        aggregates,
        window,
        files,
    })
}

fn genes() -> impl Strategy<Value = Genes> {
    proptest::array::uniform32(0..1_000_u16)
}

fn aggregate(dimensions: std::ops::Range<usize>) -> impl Strategy<Value = AggregateGenes> {
    let parts = (genes(), vec(genes(), 1..6), vec(genes(), dimensions));
    parts.prop_map(|(head, fields, dimensions)| AggregateGenes { head, fields, dimensions })
}

impl ProjectGenes {
    pub fn case(&self, times: Times) -> Case {
        let stream = stream::Stream::new(&self.aggregates, self.head[31] % 5 == 4);
        let window = self.window.as_ref().and_then(|window| windows::document(window, &stream, times));
        let files = self.files.iter().enumerate().map(|(number, file)| {
            let lines =
                file.iter().enumerate().map(|(line, genes)| events::line(genes, number * 100 + line, times) + "\n");
            lines.collect()
        });
        Case { streaming: stream.document(&self.head, &self.aggregates, times), window, files: files.collect() }
    }
}

/// Reads choices from genes; where they end, the first of each.
struct Choices<'g> {
    genes: std::slice::Iter<'g, u16>,
}

impl<'g> Choices<'g> {
    fn new(genes: &'g Genes) -> Choices<'g> {
        Choices { genes: genes.iter() }
    }

    fn below(&mut self, count: usize) -> usize {
        self.genes.next().map_or(0, |gene| usize::from(*gene) % count.max(1))
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == count - 1
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

/// A scalar as YAML reads it back: JSON's own quotes.
fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}
