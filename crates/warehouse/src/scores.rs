//! Scores as rows: one for each model and touch point of a run.

use std::sync::Arc;

use dtc_expr::table::Column;
use dtc_expr::{FieldType, Table, Value};

/// What one model says about one touch point.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Score {
    pub model: String,
    pub touch_point: String,
    pub conversions: f64,
    /// Of all conversions with a touch, 0 to 1.
    pub share: f64,
    pub value: Option<f64>,
    /// What the touch point's touches cost, whatever the model.
    pub cost: Option<f64>,
    /// Value for each unit of cost.
    pub return_on_spend: Option<f64>,
    /// The interval of the share, where doubts were asked for.
    pub share_low: Option<f64>,
    pub share_high: Option<f64>,
}

/// A run's scores.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    pub document: String,
    pub run: String,
    pub rows: Vec<Score>,
}

/// The columns of texts, which say whose row it is, in this order before `NUMBERS`.
pub(crate) const TEXTS: [&str; 4] = ["document", "run", "model", "touch_point"];
pub(crate) const NUMBERS: [&str; 7] =
    ["conversions", "share", "value", "cost", "return_on_spend", "share_low", "share_high"];

impl Score {
    /// In the order of `NUMBERS`; what is no number is none.
    pub(crate) fn numbers(&self) -> [Option<f64>; 7] {
        let all = [
            Some(self.conversions),
            Some(self.share),
            self.value,
            self.cost,
            self.return_on_spend,
            self.share_low,
            self.share_high,
        ];
        all.map(|number| number.filter(|number| number.is_finite()))
    }
}

impl Scores {
    /// In the order of `TEXTS`.
    pub(crate) fn texts<'s>(&'s self, row: &'s Score) -> [&'s str; 4] {
        [&self.document, &self.run, &row.model, &row.touch_point]
    }

    pub(crate) fn table(&self) -> Table {
        let text = |(place, name): (usize, &&str)| Column {
            name: (*name).to_owned(),
            field_type: FieldType::String,
            values: self.rows.iter().map(|row| Value::Str(Arc::from(self.texts(row)[place]))).collect(),
        };
        let number = |(place, name): (usize, &&str)| Column {
            name: (*name).to_owned(),
            field_type: FieldType::Float,
            values: self.rows.iter().map(|row| row.numbers()[place].map_or(Value::None, Value::Float)).collect(),
        };
        let columns = TEXTS.iter().enumerate().map(text).chain(NUMBERS.iter().enumerate().map(number));
        Table { name: "scores".to_owned(), columns: columns.collect() }
    }
}
