//! Python's `datetime` and `timedelta` as plain numbers; calendar work goes through jiff.

/// Microseconds since 1970-01-01: of UTC when `offset` is known, of the wall clock when naive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateTime {
    pub micros: i64,
    /// Seconds east of UTC, kept as written; `None` for a naive datetime.
    pub offset: Option<i32>,
}

/// A span of time in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeDelta {
    pub micros: i64,
}
