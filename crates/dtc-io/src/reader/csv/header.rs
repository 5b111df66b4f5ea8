//! The header: which cell becomes which field. Dotted names become objects, as the same data has them in JSON.

use std::collections::{HashMap, HashSet};

use dtc_expr::Value;

use crate::projection::Projection;

/// Deeper names stay as they are.
const MAX_PARTS: usize = 32;

#[derive(Debug, Default)]
pub(super) struct Header {
    /// Cells that a row must have.
    pub(super) width: usize,
    /// The wanted fields, in the header's order.
    pub(super) shape: Vec<(Value, Node)>,
    pub(super) notices: Vec<String>,
}

#[derive(Debug)]
pub(super) enum Node {
    /// The cell at this place.
    Cell(usize),
    Object(Vec<(Value, Node)>),
}

impl Header {
    /// Blanks around names do not count. A column without a name is left out; of two with one name the last counts.
    pub(super) fn of(names: Vec<String>, projection: &Projection) -> Result<Header, String> {
        let names: Vec<&str> = names.iter().map(|name| name.trim()).collect();
        if names.iter().all(|name| name.is_empty()) {
            return Err("none of its columns has a name; the first row must name them".to_owned());
        }
        let mut header = Header { width: names.len(), ..Header::default() };
        let nameless = names.iter().filter(|name| name.is_empty()).count();
        match nameless {
            0 => {}
            1 => header.notices.push("1 column has no name; it was left out".to_owned()),
            count => header.notices.push(format!("{count} columns have no name; they were left out")),
        }
        let mut places: HashMap<&str, usize> = HashMap::new();
        for (place, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            if places.insert(name, place).is_some() {
                header.notices.push(format!("two columns are named `{name}`; the last counts"));
            }
        }
        let whole: HashSet<&str> = places.keys().copied().collect();
        for (place, name) in names.iter().enumerate() {
            if places.get(name) == Some(&place) {
                let parts = parts(name, &whole);
                if projection.keeps(parts[0]) {
                    add(&mut header.shape, &parts, place);
                }
            }
        }
        Ok(header)
    }
}

/// A dotted name's parts; the name itself where one of them is empty or a column of its own stands in the way.
fn parts<'a>(name: &'a str, names: &HashSet<&str>) -> Vec<&'a str> {
    let parts: Vec<&str> = name.split('.').collect();
    let taken = || name.match_indices('.').any(|(at, _)| names.contains(&name[..at]));
    let plain =
        parts.len() == 1 || parts.len() > MAX_PARTS || parts.iter().any(|part| part.trim() != *part || part.is_empty());
    if plain || taken() { vec![name] } else { parts }
}

fn add(shape: &mut Vec<(Value, Node)>, parts: &[&str], place: usize) {
    let [first, rest @ ..] = parts else { return };
    if rest.is_empty() {
        shape.push((Value::str(first), Node::Cell(place)));
        return;
    }
    let key = Value::str(first);
    let known = shape.iter().position(|(name, node)| *name == key && matches!(node, Node::Object(_)));
    let at = known.unwrap_or_else(|| {
        shape.push((key, Node::Object(Vec::new())));
        shape.len() - 1
    });
    if let Node::Object(inner) = &mut shape[at].1 {
        add(inner, rest, place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(names: &[&str], projection: &Projection) -> String {
        fn show(shape: &[(Value, Node)]) -> String {
            let one = |(key, node): &(Value, Node)| match node {
                Node::Cell(place) => format!("{}={place}", key.as_str().unwrap_or_default()),
                Node::Object(inner) => format!("{}({})", key.as_str().unwrap_or_default(), show(inner)),
            };
            shape.iter().map(one).collect::<Vec<_>>().join(" ")
        }
        let header = Header::of(names.iter().map(|name| (*name).to_owned()).collect(), projection);
        header.map_or_else(|reason| reason, |header| [show(&header.shape), header.notices.join("; ")].join(" | "))
    }

    #[test]
    fn dotted_names_become_objects_unless_that_would_be_a_clash() {
        let all = Projection::All;
        assert_eq!(said(&["id", "device.os", "at", "device.app.v"], &all), "id=0 device(os=1 app(v=3)) at=2 | ");
        assert_eq!(said(&["device", "device.os", ".x", "a..b"], &all), "device=0 device.os=1 .x=2 a..b=3 | ");
        assert_eq!(
            said(&["", "a", " a "], &all),
            "a=2 | 1 column has no name; it was left out; two columns are named `a`; the last counts"
        );
        let only = Projection::Fields(vec!["device".into()]);
        assert_eq!(said(&["id", "device.os"], &only), "device(os=1) | ");
        assert!(said(&["", " "], &all).starts_with("none of its columns"));
    }
}
