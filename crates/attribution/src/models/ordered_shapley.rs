//! Shapley ordered by position: a journey gives 1/|S| to each of its channels, evenly over the positions where the
//! channel stands. Σ over positions is the simplified value.
//!
//! Source: the ordered method of Zhao et al. (arXiv 1804.05327); ATTRIBUTION.md §2.

use crate::credit::{Credit, Exact};
use crate::paths::Sample;

/// Credit by channel and position from 0; positions where a channel never stands are 0.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ordered {
    pub conversions: Vec<Vec<f64>>,
    pub value: Vec<Vec<f64>>,
}

impl Ordered {
    pub fn credit(&self) -> Credit {
        let sums = |positions: &[Vec<f64>]| positions.iter().map(|line| crate::credit::sum(line)).collect();
        Credit { conversions: sums(&self.conversions), value: sums(&self.value) }
    }
}

/// Sums of conversions and of values, by channel and position.
type Cells = Vec<Vec<(Exact, Exact)>>;

pub fn run(sample: Sample<'_>) -> Ordered {
    let mut cells: Cells = vec![Vec::new(); sample.channels()];
    let mut counts = vec![0_u32; sample.channels()];
    for (path, outcome) in sample.iter().filter(|(_, outcome)| outcome.pays()) {
        let mut distinct = 0_u32;
        for touch in path.touches {
            let count = &mut counts[*touch as usize];
            distinct += u32::from(*count == 0);
            *count += 1;
        }
        for (position, touch) in path.touches.iter().enumerate() {
            let line = &mut cells[*touch as usize];
            if line.len() <= position {
                line.resize(position + 1, Default::default());
            }
            let share = 1.0 / (f64::from(distinct) * f64::from(counts[*touch as usize]));
            line[position].0.add(share * outcome.conversions);
            line[position].1.add(share * outcome.value);
        }
        path.touches.iter().for_each(|touch| counts[*touch as usize] = 0);
    }
    let lines = |read: fn(&(Exact, Exact)) -> Exact| {
        cells.iter().map(|line| line.iter().map(|cell| read(cell).total()).collect()).collect()
    };
    Ordered { conversions: lines(|cell| cell.0), value: lines(|cell| cell.1) }
}
