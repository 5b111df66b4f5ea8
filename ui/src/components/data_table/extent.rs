//! Where rows are while scrolling. Pure.
//!
//! Browsers refuse elements of some tens of millions of pixels. A table taller than `TALLEST` gets a
//! scroll area of that height, and its scroll position is scaled to an offset among the rows.

use std::ops::Range;

/// Height of a row in pixels.
pub const ROW: f64 = 24.0;
/// Height of the head: name, and type under it.
pub const HEAD: f64 = 40.0;
const TALLEST: f64 = 8_000_000.0;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    pub rows: u64,
    /// Height in which rows show, the head taken off.
    pub view: f64,
}

impl Extent {
    fn whole(self) -> f64 {
        self.rows as f64 * ROW
    }

    /// Height of the element that is scrolled over.
    pub fn spacer(self) -> f64 {
        self.whole().min(TALLEST)
    }

    /// Pixels among the rows for each pixel of scrolling.
    pub fn scale(self) -> f64 {
        let (rows, room) = (self.largest_offset(), self.spacer() - self.view);
        if self.whole() <= TALLEST || room <= 0.0 { 1.0 } else { rows / room }
    }

    pub fn largest_offset(self) -> f64 {
        (self.whole() - self.view).max(0.0)
    }

    /// Pixels above the first shown row, at a scroll position.
    pub fn offset(self, scroll_top: f64) -> f64 {
        self.hold(scroll_top * self.scale())
    }

    pub fn scroll_top(self, offset: f64) -> f64 {
        offset / self.scale()
    }

    /// The nearest offset that exists.
    pub fn hold(self, offset: f64) -> f64 {
        offset.clamp(0.0, self.largest_offset())
    }

    /// Rows that show at least in part.
    pub fn visible(self, offset: f64) -> Range<u64> {
        let offset = self.hold(offset);
        let first = (offset / ROW).floor() as u64;
        let last = ((offset + self.view.max(0.0)) / ROW).ceil() as u64;
        first.min(self.rows)..last.min(self.rows)
    }

    /// The offset at which a row shows whole, moved as little as can be.
    pub fn reveal(self, offset: f64, row: u64) -> f64 {
        let top = row as f64 * ROW;
        self.hold(offset.min(top).max(top + ROW - self.view))
    }

    /// Whole rows that a page key moves by.
    pub fn page(self) -> u64 {
        ((self.view / ROW).floor() as u64).saturating_sub(1).max(1)
    }
}

/// The range grown by a margin on both sides, so that a little scrolling finds its rows drawn.
pub fn with_margin(rows: &Range<u64>, margin: u64, all: u64) -> Range<u64> {
    rows.start.saturating_sub(margin)..rows.end.saturating_add(margin).min(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_tables_scroll_by_pixels() {
        let extent = Extent { rows: 100, view: 240.0 };
        assert_eq!((extent.spacer(), extent.scale()), (2400.0, 1.0));
        assert_eq!(extent.visible(0.0), 0..10);
        assert_eq!(extent.visible(12.0), 0..11);
        assert_eq!(extent.visible(1e9), 90..100);
        assert_eq!(extent.page(), 9);
    }

    #[test]
    fn large_tables_reach_their_last_row() {
        for rows in [1_000_000, 1_000_000_000] {
            let extent = Extent { rows, view: 600.0 };
            assert_eq!(extent.spacer(), TALLEST);
            let end = extent.offset(extent.spacer() - extent.view);
            assert_eq!(extent.visible(end).end, rows);
            assert_eq!(extent.visible(0.0).start, 0);
            let middle = extent.reveal(0.0, rows / 2);
            assert!(extent.visible(middle).contains(&(rows / 2)));
            assert!((extent.offset(extent.scroll_top(middle)) - middle).abs() < 0.01);
        }
    }

    #[test]
    fn reveals_with_the_least_movement() {
        let extent = Extent { rows: 100, view: 240.0 };
        assert_eq!(extent.reveal(240.0, 12), 240.0);
        assert_eq!(extent.reveal(240.0, 5), 120.0);
        assert_eq!(extent.reveal(240.0, 20), 264.0);
        assert_eq!(extent.reveal(0.0, 99), 2160.0);
    }

    #[test]
    fn nothing_and_no_room() {
        let empty = Extent { rows: 0, view: 300.0 };
        assert_eq!((empty.visible(50.0), empty.spacer(), empty.largest_offset()), (0..0, 0.0, 0.0));
        let hidden = Extent { rows: 10, view: 0.0 };
        assert_eq!(hidden.visible(0.0), 0..0);
        assert_eq!(with_margin(&(0..10), 20, 25), 0..25);
    }
}
