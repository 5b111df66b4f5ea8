//! Random expressions of a streaming document, by the type that they should mostly give.

use super::Choices;
use super::stream::Stream;

pub const TYPES: [&str; 8] = ["integer", "string", "float", "boolean", "map", "list", "set", "datetime"];

/// Where an expression stands.
pub struct Place<'s> {
    pub stream: &'s Stream,
    /// Index of the aggregate; `None` in the document's header.
    pub own: Option<usize>,
}

impl Place<'_> {
    /// A field of some type, of any aggregate above or below or its own.
    fn field(&self, field_type: &str, choices: &mut Choices) -> Option<String> {
        let mut found = Vec::new();
        for (index, aggregate) in self.stream.aggregates.iter().enumerate() {
            for (name, _) in aggregate.all().filter(|(_, known)| *known == field_type) {
                if self.own == Some(index) {
                    found.push(name.clone());
                }
                found.push(format!("{}.{name}", aggregate.name));
                found.push(format!("{}['{name}']", aggregate.name));
            }
            if field_type == "datetime" && aggregate.has_times() {
                found.push(format!("{}._start_time", aggregate.name));
                found.push(format!("{}._end_time", aggregate.name));
            }
            if field_type == "string" {
                found.push(format!("{}._identity", aggregate.name));
            }
        }
        let place = choices.below(found.len());
        (!found.is_empty()).then(|| found.swap_remove(place))
    }

    fn field_or(&self, field_type: &str, choices: &mut Choices, other: &str) -> String {
        self.field(field_type, choices).unwrap_or_else(|| other.to_owned())
    }

    /// A field itself: bare or with its aggregate.
    fn itself(&self, name: &str, choices: &mut Choices) -> String {
        let owner = self.own.map(|own| self.stream.aggregates[own].name.as_str()).unwrap_or_default();
        match choices.below(2) {
            0 => format!("{owner}.{name}"),
            _ => name.to_owned(),
        }
    }
}

pub fn value(field_type: &str, name: &str, choices: &mut Choices, place: &Place) -> String {
    match field_type {
        "integer" => integer(name, choices, place),
        "float" => float(name, choices, place),
        "string" => string(name, choices, place),
        "boolean" => boolean(name, choices, place),
        "map" => map(name, choices, place),
        "list" => list(name, choices, place),
        "set" => set(name, choices, place),
        _ => datetime(choices, place),
    }
}

/// A field of the event: present, at times missing, deep, or of another type than its name says.
fn event(choices: &mut Choices) -> &'static str {
    choices.of(&[
        "source.n",
        "source.x",
        "source.s",
        "source.b",
        "source.o.k",
        "source['n']",
        "source.o['k']",
        "source.o.deep.k",
        "source.nope",
        "source.nope.deeper",
        "source.l[0]",
        "source.t[0].q",
        "source.t[-1]['q']",
        "source.get('n')",
        "source.o.get('k')",
        "source",
        "source.o",
        "source.o.deep",
        "len(source)",
        "source.zz.a[1].b",
        "source.zz.a[0]",
        "source.l[1:]",
        "source.l[-1]",
        "source.o.z[1]",
        "'n' in source",
        "list(source.o.values())",
        "source.get('zz', 4)",
        "source.s.split('x')",
        "[t['q'] for t in source.t]",
        "{source.s: source.n}",
        "source.n == source.x",
        "source.n and source.x",
        "source.nope or source.s",
        "str((source.n, source.s))",
        "min(source.n, source.x)",
        "abs(source.n)",
        "source.l + source.l",
        "source.s * 2",
        "[source.n for i in source.l]",
        "[(i, source.s) for i in range(2) if source.b]",
        "sorted(source.o)",
        "source.s < source.s",
        "1 < source.n < 3",
        "not source.n",
        "-source.x",
        "source.n is None",
        "source.n % 2 == 0",
        "'%s %s' % (source.n, source.x)",
        "'{} {}'.format(source.n, source.o.k)",
        "source.s.replace('a', 'b').strip()",
        "str(source.n)[0]",
        "source[source.s]",
        "source.o[source.s]",
        "source.x ** 2",
        "isinstance(source.n, int)",
        "(lambda v: v + 1)(source.n)",
    ])
}

fn integer(name: &str, choices: &mut Choices, place: &Place) -> String {
    let own = place.itself(name, choices);
    match choices.below(17) {
        0 => format!("{own} + 1"),
        1 => "source.n".to_owned(),
        2 => format!("{own} + source.n"),
        3 => format!("{own} + {}", place.field_or("integer", choices, "2")),
        4 => event(choices).to_owned(),
        5 => "int(source.x)".to_owned(),
        6 => format!("1 if {} else {own}", condition(choices, place, 1)),
        7 => "len(source.l)".to_owned(),
        8 => format!("len({})", place.field_or("list", choices, "source.s")),
        9 => format!("max({own}, source.n)"),
        10 => "sum(source.l)".to_owned(),
        11 => "sum(i['q'] for i in source.t)".to_owned(),
        12 => "len([i for i in source.t if i['q'] == source.n])".to_owned(),
        13 => format!("int((time - {}).total_seconds())", place.field_or("datetime", choices, "time")),
        14 => condition(choices, place, 1),
        15 => format!("{} // source.n", place.field_or("integer", choices, "7")),
        _ => format!("{own} * 3 + len({})", place.field_or("map", choices, "source.o")),
    }
}

fn float(name: &str, choices: &mut Choices, place: &Place) -> String {
    let own = place.itself(name, choices);
    match choices.below(9) {
        0 => format!("{own} + source.x"),
        1 => "source.x".to_owned(),
        2 => format!("{own} / source.n"),
        3 => "float(source.s)".to_owned(),
        4 => event(choices).to_owned(),
        5 => format!("{} * 0.1", place.field_or("integer", choices, "source.n")),
        6 => format!("{} - {own}", place.field_or("float", choices, "1.5")),
        7 => format!("(time - {}).total_seconds()", place.field_or("datetime", choices, "time")),
        _ => "round(source.x, 1)".to_owned(),
    }
}

fn string(name: &str, choices: &mut Choices, place: &Place) -> String {
    let own = place.itself(name, choices);
    match choices.below(13) {
        0 => "source.s".to_owned(),
        1 => event(choices).to_owned(),
        2 => format!("{own} + source.s"),
        3 => "identity".to_owned(),
        4 => format!("str({})", place.field_or(choices_type(choices), choices, "time")),
        5 => "source.s.upper()[:2]".to_owned(),
        6 => "source.o".to_owned(),
        7 => format!("'%s-%s' % ({own}, source.n)"),
        8 => "time.isoformat()".to_owned(),
        9 => format!("{own} or source.s"),
        10 => "source.l".to_owned(),
        11 => place.field_or("string", choices, "source.s"),
        _ => format!("f'{{{own}}}{{source.x}}'[-9:]"),
    }
}

/// A type whose text does not depend on an order that no language gives.
fn choices_type(choices: &mut Choices) -> &'static str {
    choices.of(&["integer", "float", "boolean", "datetime", "map", "list", "string"])
}

fn boolean(name: &str, choices: &mut Choices, place: &Place) -> String {
    match choices.below(5) {
        0 => condition(choices, place, 0),
        1 => "source.b".to_owned(),
        2 => format!("not {}", place.itself(name, choices)),
        3 => event(choices).to_owned(),
        _ => place.field_or("boolean", choices, "source.n"),
    }
}

fn map(name: &str, choices: &mut Choices, place: &Place) -> String {
    let own = place.itself(name, choices);
    match choices.below(10) {
        0 => format!("{own}.increment(source.s)"),
        1 => format!("{own}.set(source.s, source.n)"),
        2 => format!("{own}.increment(source.s, source.n)"),
        3 => "source.o".to_owned(),
        4 => format!("{own}.update({{'k': source.x}})"),
        5 => format!("{own}.set('a', 1).increment('a', 2)"),
        6 => place.field_or("map", choices, "source.o"),
        7 => format!("{own}.increment({})", event(choices)),
        8 => format!("{own}.clear().set(source.s, 1)"),
        _ => "{'n': source.n, 's': source.s}".to_owned(),
    }
}

fn list(name: &str, choices: &mut Choices, place: &Place) -> String {
    let own = place.itself(name, choices);
    match choices.below(13) {
        0 => format!("{own}.append(source.n)"),
        1 => format!("{own}.append({})", event(choices)),
        2 => "source.l".to_owned(),
        3 => format!("{own}.insert(0, source.s)"),
        4 => format!("{own}.extend(source.l)"),
        5 => format!("{own} + [source.n]"),
        6 => "[i for i in source.l if i]".to_owned(),
        7 => place.field_or("list", choices, "[1, 2]"),
        8 => "source.s".to_owned(),
        9 => format!("{own}.append(source.n).append(len({own}))"),
        10 => format!("{own}.append(source.n) if len({own}) < 3 else {own}.clear()"),
        11 => format!("{own}[-2:]"),
        _ => format!("{}.append(1)", place.field_or("list", choices, &own)),
    }
}

fn set(name: &str, choices: &mut Choices, place: &Place) -> String {
    let own = place.itself(name, choices);
    match choices.below(5) {
        0 => format!("{own}.add(str(source.s))"),
        1 => format!("{own}.add(str({}))", event(choices)),
        2 => format!("{own}.discard(str(source.s))"),
        3 => format!("{own}.update(['a', str(source.n)])"),
        _ => place.field_or("set", choices, "{'a', 'b'}"),
    }
}

fn datetime(choices: &mut Choices, place: &Place) -> String {
    match choices.below(5) {
        0 => "time".to_owned(),
        1 => "source.d".to_owned(),
        2 => "parse_time(source.d)".to_owned(),
        3 => place.field_or("datetime", choices, "time"),
        _ => event(choices).to_owned(),
    }
}

/// What most conditions of real documents are: which kind of event it is.
fn kind_of_event(choices: &mut Choices) -> String {
    let member =
        choices.of(&["source.s", "source.k", "source.n", "source.b", "source['k']", "source.x", "source.nope"]);
    let operator = choices.of(&["==", "!=", "==", "is"]);
    let constant = choices.of(&[
        "'a'",
        "'b'",
        "1",
        "'é\\n\"c'",
        "True",
        "0",
        "1.0",
        "''",
        "2",
        "0.5",
        "'1'",
        "-3",
        "9007199254740993",
        "False",
    ]);
    let constant = if operator == "is" { "None" } else { constant };
    match choices.below(3) {
        0 if operator != "is" => format!("{constant} {operator} {member}"),
        _ => format!("{member} {operator} {constant}"),
    }
}

pub fn condition(choices: &mut Choices, place: &Place, depth: usize) -> String {
    match choices.below(4) {
        0 => return kind_of_event(choices),
        1 if depth < 2 => return format!("{} and {}", kind_of_event(choices), condition(choices, place, depth + 1)),
        _ => {}
    }
    let most = if depth > 1 { 16 } else { 19 };
    match choices.below(most) {
        0 => "source.n > 1".to_owned(),
        1 => "source.s == 'a'".to_owned(),
        2 => "source.b".to_owned(),
        3 => format!("{} < 3", place.field_or("integer", choices, "source.n")),
        4 => place.field_or("boolean", choices, "source.x"),
        5 => "source.s in ['a', 'b', '']".to_owned(),
        6 => "source.o.k is not None".to_owned(),
        7 => "'k' in source.o".to_owned(),
        8 => event(choices).to_owned(),
        9 => format!("time > {}", place.field_or("datetime", choices, "time")),
        10 => format!("{} is None", place.field_or("datetime", choices, "source.nope")),
        11 => format!("source.s in {}", place.field_or("map", choices, "source.o")),
        12 => "any(i > 1 for i in source.l)".to_owned(),
        13 => format!("{} != source.s", place.field_or("string", choices, "identity")),
        14 => format!("len({}) < 2", place.field_or("list", choices, "source.t")),
        15 => format!("'a' in {}", place.field_or("set", choices, "source.s")),
        16 => format!("not ({})", condition(choices, place, depth + 1)),
        17 => format!("({}) and ({})", condition(choices, place, depth + 1), condition(choices, place, depth + 1)),
        _ => format!("({}) or ({})", condition(choices, place, depth + 1), condition(choices, place, depth + 1)),
    }
}
