//! Collections of fields change in place and give themselves back.

use dtc_expr::Value;

use crate::support::{frame, program};

#[test]
fn changing_methods_write_back_and_chain() {
    let mut frame = frame(r#"{"x":1,"none":null}"#);
    let mut run = |text: &str| program(text).eval(&mut frame).map_or_else(|e| e.to_string(), |value| value.repr());
    assert_eq!(run("session.levels.append(source.x)"), "[1]");
    assert_eq!(run("session.levels"), "[1]");
    assert_eq!(run("session.levels.append(source.none)"), "[1]");
    assert_eq!(run("session.levels.append(2).append(3).insert(0, 0)"), "[0, 1, 2, 3]");
    assert_eq!(run("session.levels.pop()"), "3");
    assert_eq!(run("session.levels"), "[0, 1, 2]");
    assert_eq!(run("session.badges.increment('a').increment('a', 2)"), "{'a': 3}");
    assert_eq!(run("session.badges.increment(None)"), "{'a': 3}");
    assert_eq!(run("session.badges.set('n', None)"), "{'a': 3, 'n': None}");
    assert_eq!(
        run("session.badges.increment('n')"),
        "TypeError: unsupported operand type(s) for +: 'NoneType' and 'int'"
    );
    assert_eq!(run("session.badges"), "{'a': 3, 'n': None}");
    assert_eq!(run("session.tags.add('b').add('b').add(None)"), "{'b'}");
    assert_eq!(run("session.tags.union(['c']).add('d')"), "{'b', 'c', 'd'}");
    assert_eq!(run("session.tags"), "{'b'}");
    assert_eq!(run("session.levels.sort(reverse=True)"), "[2, 1, 0]");
    assert_eq!(run("session.tags.add([1])"), "TypeError: unhashable type: 'list'");
    assert_eq!(run("session.tags"), "{'b'}");
}

#[test]
fn changes_reach_into_collections() {
    let mut frame = frame(r#"{"list":[1],"deep":{"list":[]}}"#);
    let mut run = |text: &str| program(text).eval(&mut frame).map_or_else(|e| e.to_string(), |value| value.repr());
    run("session.badges.set('x', [1])");
    assert_eq!(run("session.badges['x'].append(2)"), "None");
    assert_eq!(run("session.badges.setdefault('y', []).append(3)"), "None");
    assert_eq!(run("session.badges.get('y').append(4)"), "None");
    assert_eq!(run("session.badges"), "{'x': [1, 2], 'y': [3, 4]}");
    run("session.levels.append([5])");
    assert_eq!(run("session.levels[-1].append(6)"), "None");
    assert_eq!(run("session.levels"), "[[5, 6]]");
    assert_eq!(run("session.levels[7].append(6)"), "IndexError: list index out of range");
    assert_eq!(run("session.levels"), "[[5, 6]]");
    assert_eq!(run("(session.badges if session.won else session.levels).append(7)"), "[[5, 6], 7]");
    run("source.deep.list.append('a')");
    assert_eq!(run("(source.deep['list'], source.list.append(2), source.list)"), "(['a'], None, [1, 2])");
}

#[test]
fn plain_collections_behave_as_in_python() {
    for (text, wanted) in [
        ("[1].append(2)", "None"),
        ("[x for x in [1, 2, 1] if not (x in [5] or {x}.add(x))]", "[1, 2, 1]"),
        ("(lambda seen: [x for x in [3, 1, 3] if not (x in seen or seen.add(x))])(set())", "[3, 1]"),
        ("{'a': 1}.set", "AttributeError: 'dict' object has no attribute 'set'"),
    ] {
        assert_eq!(crate::support::repr(text), wanted, "{text}");
    }
}

#[test]
fn a_value_is_small() {
    assert_eq!(size_of::<Value>(), 24);
}
