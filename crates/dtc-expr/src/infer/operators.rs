//! What the binary and unary operators give for each pair of kinds, as `operator.rs` computes it.

use ruff_python_ast::{Operator, UnaryOp};

use super::types::{Kinds, Type};

/// The type of `left OPERATOR right`; `None` where no values of the two types can be combined.
/// `None` among the kinds is left aside: whether it comes is not known.
pub(super) fn binary(left: &Type, operator: Operator, right: &Type) -> Option<Type> {
    if left.is_any() || right.is_any() {
        return Some(half_known(left, operator, right));
    }
    let (a, b) = (left.present(), right.present());
    let mut kinds = Kinds::EMPTY;
    for x in a.each() {
        for y in b.each() {
            kinds = kinds.with(pair(x, operator, y));
        }
    }
    if kinds.is_empty() {
        return None;
    }
    if kinds == Kinds::ANY {
        return Some(Type::ANY);
    }
    let sequences = Kinds::LIST.with(Kinds::TUPLE).with(Kinds::SET);
    if kinds.only(sequences) {
        let item = match (a.overlaps(Kinds::HOLDERS), b.overlaps(Kinds::HOLDERS)) {
            (true, true) => left.item().or(right.item()),
            (true, false) => left.item(),
            _ => right.item(),
        };
        return Some(Type::holding(kinds, item));
    }
    Some(kinds.into())
}

/// One side is not known; a number adds to nothing but numbers.
fn half_known(left: &Type, operator: Operator, right: &Type) -> Type {
    let known = if left.is_any() { right } else { left }.present();
    let number = known.only(Kinds::NUMBER);
    match operator {
        Operator::Add | Operator::Sub if number && known == Kinds::FLOAT => Kinds::FLOAT.into(),
        Operator::Add | Operator::Sub if number => Kinds::INT.with(Kinds::FLOAT).into(),
        Operator::Div if number && right.is_any() => Kinds::FLOAT.into(),
        _ => Type::ANY,
    }
}

/// What one kind and another give; empty where that is an error.
fn pair(left: Kinds, operator: Operator, right: Kinds) -> Kinds {
    if left == Kinds::OTHER || right == Kinds::OTHER {
        return Kinds::ANY;
    }
    if left.only(Kinds::NUMBER) && right.only(Kinds::NUMBER) {
        return numbers(left, operator, right);
    }
    match (left, operator, right) {
        (Kinds::STR, Operator::Mod, _) => Kinds::STR,
        (Kinds::STR | Kinds::LIST | Kinds::TUPLE, Operator::Add, _) if left == right => left,
        (Kinds::STR | Kinds::LIST | Kinds::TUPLE, Operator::Mult, Kinds::INT | Kinds::BOOL) => left,
        (Kinds::INT | Kinds::BOOL, Operator::Mult, Kinds::STR | Kinds::LIST | Kinds::TUPLE) => right,
        (Kinds::SET, Operator::Sub | Operator::BitAnd | Operator::BitOr | Operator::BitXor, Kinds::SET) => Kinds::SET,
        (Kinds::DICT, Operator::BitOr, Kinds::DICT) => Kinds::DICT,
        _ => times(left, operator, right),
    }
}

fn times(left: Kinds, operator: Operator, right: Kinds) -> Kinds {
    match (left, operator, right) {
        (Kinds::DATETIME | Kinds::DATE, Operator::Add | Operator::Sub, Kinds::TIMEDELTA) => left,
        (Kinds::TIMEDELTA, Operator::Add, Kinds::DATETIME | Kinds::DATE) => right,
        (Kinds::DATETIME | Kinds::DATE, Operator::Sub, _) if left == right => Kinds::TIMEDELTA,
        (Kinds::TIMEDELTA, Operator::Add | Operator::Sub | Operator::Mod, Kinds::TIMEDELTA) => Kinds::TIMEDELTA,
        (Kinds::TIMEDELTA, Operator::Div, Kinds::TIMEDELTA) => Kinds::FLOAT,
        (Kinds::TIMEDELTA, Operator::FloorDiv, Kinds::TIMEDELTA) => Kinds::INT,
        (Kinds::TIMEDELTA, Operator::Mult | Operator::Div, _) if right.only(Kinds::NUMBER) => Kinds::TIMEDELTA,
        (Kinds::TIMEDELTA, Operator::FloorDiv, _) if right.only(Kinds::WHOLE) => Kinds::TIMEDELTA,
        (_, Operator::Mult, Kinds::TIMEDELTA) if left.only(Kinds::NUMBER) => Kinds::TIMEDELTA,
        _ => Kinds::EMPTY,
    }
}

fn numbers(left: Kinds, operator: Operator, right: Kinds) -> Kinds {
    let float = left == Kinds::FLOAT || right == Kinds::FLOAT;
    match operator {
        Operator::Add | Operator::Sub | Operator::Mult | Operator::FloorDiv | Operator::Mod => {
            if float {
                Kinds::FLOAT
            } else {
                Kinds::INT
            }
        }
        Operator::Div => Kinds::FLOAT,
        // A negative power of an integer is a float.
        Operator::Pow => {
            if float {
                Kinds::FLOAT
            } else {
                Kinds::INT.with(Kinds::FLOAT)
            }
        }
        Operator::BitAnd | Operator::BitOr | Operator::BitXor if left == Kinds::BOOL && right == Kinds::BOOL => {
            Kinds::BOOL
        }
        Operator::BitAnd | Operator::BitOr | Operator::BitXor | Operator::LShift | Operator::RShift if !float => {
            Kinds::INT
        }
        _ => Kinds::EMPTY,
    }
}

/// The type of `-x`, `+x`, `~x`; `None` where that is an error for every value of the type.
pub(super) fn unary(operator: UnaryOp, operand: &Type) -> Option<Type> {
    if operand.is_any() || operand.present().overlaps(Kinds::OTHER) {
        return Some(Type::ANY);
    }
    let mut kinds = Kinds::EMPTY;
    for kind in operand.present().each() {
        kinds = kinds.with(match (operator, kind) {
            (_, Kinds::BOOL | Kinds::INT) => Kinds::INT,
            (UnaryOp::USub | UnaryOp::UAdd, Kinds::FLOAT | Kinds::TIMEDELTA) => kind,
            _ => Kinds::EMPTY,
        });
    }
    (!kinds.is_empty()).then(|| kinds.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_by_pythons_rules() {
        use Kinds as K;
        let cases: &[(Kinds, Operator, Kinds, &str)] = &[
            (K::INT, Operator::Add, K::INT, "int"),
            (K::INT, Operator::Add, K::FLOAT, "float"),
            (K::BOOL, Operator::Add, K::BOOL, "int"),
            (K::INT, Operator::Div, K::INT, "float"),
            (K::INT, Operator::FloorDiv, K::INT, "int"),
            (K::INT, Operator::Pow, K::INT, "int or float"),
            (K::BOOL, Operator::BitOr, K::BOOL, "bool"),
            (K::INT.with(K::FLOAT), Operator::Mult, K::INT, "int or float"),
            (K::STR, Operator::Add, K::STR, "str"),
            (K::STR, Operator::Mod, K::NONE, "str"),
            (K::STR, Operator::Mult, K::INT, "str"),
            (K::STR.with(K::INT), Operator::Add, K::INT, "int"),
            (K::INT.with(K::NONE), Operator::Add, K::INT, "int"),
            (K::DATETIME, Operator::Sub, K::DATETIME.with(K::NONE), "timedelta"),
            (K::DATETIME, Operator::Add, K::TIMEDELTA, "datetime"),
            (K::TIMEDELTA, Operator::Div, K::TIMEDELTA, "float"),
            (K::TIMEDELTA, Operator::Mult, K::FLOAT, "timedelta"),
            (K::SET, Operator::BitOr, K::SET, "set"),
            (K::ANY, Operator::Add, K::INT, "int or float"),
            (K::FLOAT, Operator::Sub, K::ANY, "float"),
            (K::INT, Operator::Div, K::ANY, "float"),
            (K::ANY, Operator::Div, K::INT, "anything"),
            (K::STR, Operator::Add, K::ANY, "anything"),
            (K::OTHER, Operator::Sub, K::SET, "anything"),
            (K::STR, Operator::Add, K::INT, "error"),
            (K::STR.with(K::NONE), Operator::Add, K::FLOAT, "error"),
            (K::FLOAT, Operator::BitAnd, K::INT, "error"),
            (K::INT, Operator::MatMult, K::INT, "error"),
            (K::DATETIME, Operator::Add, K::DATETIME, "error"),
            (K::DATETIME, Operator::Sub, K::INT, "error"),
            (K::INT, Operator::Div, K::TIMEDELTA, "error"),
            (K::DICT, Operator::Add, K::DICT, "error"),
            (K::NONE, Operator::Add, K::INT, "error"),
        ];
        for (left, operator, right, shown) in cases {
            let found = binary(&(*left).into(), *operator, &(*right).into());
            let found = found.map_or("error".to_owned(), |found| found.to_string());
            assert_eq!(found, *shown, "{left:?} {operator:?} {right:?}");
        }
    }

    #[test]
    fn signs() {
        let shown = |operator, kinds: Kinds| unary(operator, &kinds.into()).map(|found| found.to_string());
        assert_eq!(shown(UnaryOp::USub, Kinds::BOOL).as_deref(), Some("int"));
        assert_eq!(shown(UnaryOp::USub, Kinds::TIMEDELTA).as_deref(), Some("timedelta"));
        assert_eq!(shown(UnaryOp::Invert, Kinds::FLOAT), None);
        assert_eq!(shown(UnaryOp::USub, Kinds::STR), None);
        assert_eq!(shown(UnaryOp::USub, Kinds::ANY).as_deref(), Some("anything"));
    }
}
