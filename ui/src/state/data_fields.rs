//! The fields of several samples as one list. Pure.

use std::collections::BTreeMap;

use dtc_lang::DataField;
use studio_api::SampleReport;

/// By path, in the order they are met; shares weighted by the records that were looked at.
pub fn merge<'a>(reports: impl Iterator<Item = &'a SampleReport>) -> Vec<DataField> {
    let mut all: BTreeMap<String, (DataField, f64)> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    let mut records = 0.0;
    for report in reports {
        let weight = report.records as f64;
        records += weight;
        for field in &report.fields {
            let entry = all.entry(field.path.clone()).or_insert_with(|| {
                order.push(field.path.clone());
                (DataField { types: Vec::new(), examples: Vec::new(), ..field.clone() }, 0.0)
            });
            entry.1 += field.share * weight;
            extend(&mut entry.0.types, &field.types, usize::MAX);
            extend(&mut entry.0.examples, &field.examples, 3);
        }
    }
    let finished = order.into_iter().filter_map(|path| all.remove(&path));
    finished.map(|(field, sum)| DataField { share: if records > 0.0 { sum / records } else { 0.0 }, ..field }).collect()
}

fn extend(all: &mut Vec<String>, more: &[String], most: usize) {
    for text in more {
        if all.len() < most && !all.contains(text) {
            all.push(text.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(records: u64, share: f64) -> SampleReport {
        let field = DataField {
            path: "a".to_owned(),
            types: vec!["text".to_owned()],
            share,
            examples: vec!["\"x\"".to_owned()],
        };
        SampleReport { format: "JSON Lines".to_owned(), notices: Vec::new(), records, fields: vec![field] }
    }

    #[test]
    fn shares_are_weighted_by_records() {
        let (one, two) = (report(100, 1.0), report(300, 0.0));
        let merged = merge([&one, &two].into_iter());
        assert_eq!(merged.len(), 1);
        assert!((merged[0].share - 0.25).abs() < 1e-9);
        assert_eq!(merged[0].examples.len(), 1);
    }

    #[test]
    fn no_records_give_no_share() {
        assert_eq!(merge([&report(0, 0.0)].into_iter())[0].share, 0.0);
    }
}
