use std::io;
use std::sync::Arc;

use dtc_expr::{DateTime, Dict, Flavor, TimeDelta, Value};

use super::bytes::{Decoder, Encoder, Objects};

fn values() -> Vec<Value> {
    let time = |micros, offset| Value::DateTime(DateTime { micros, offset });
    let dict: Dict =
        [(Value::str("b"), Value::Int(1)), (Value::Float(f64::NAN), Value::str("a"))].into_iter().collect();
    let mut values = vec![
        Value::None,
        Value::Bool(true),
        Value::Bool(false),
        Value::Int(0),
        Value::Int(-1),
        Value::Int(i64::MAX),
        Value::Int(i64::MIN),
        Value::big("-123456789012345678901234567890".parse().unwrap()),
        Value::big("340282366920938463463374607431768211456".parse().unwrap()),
        Value::Float(-0.0),
        Value::Float(1e-300),
        Value::Float(f64::NEG_INFINITY),
        Value::Float(f64::NAN),
        Value::str(""),
        Value::str("ü\u{0}\n"),
        Value::str("ü\u{0}\n"),
        Value::str(&"long".repeat(40)),
        time(i64::MIN, None),
        time(1_577_930_645_678_901, Some(-3600)),
        Value::TimeDelta(TimeDelta { micros: -1 }),
        Value::tuple(vec![Value::Int(1), Value::str("ü\u{0}\n")]),
        Value::list(Vec::new()),
    ];
    for flavor in [Flavor::Plain, Flavor::Record, Flavor::Counter, Flavor::Field] {
        values.push(Value::Dict(flavor, Arc::new(dict.clone())));
        values.push(Value::list(values[..5].to_vec()).with_flavor(flavor));
        let set = [Value::str("z"), Value::Int(1), Value::None].into_iter().collect();
        values.push(Value::Set(flavor, Arc::new(set)));
    }
    values
}

#[test]
fn values_come_back_as_they_were() {
    let objects = Objects::default();
    let mut encoder = Encoder::new(&objects);
    values().iter().for_each(|value| encoder.value(value));
    let mut decoder = Decoder::new(encoder.bytes().to_vec(), &objects);
    for value in values() {
        assert_eq!(format!("{:?}", decoder.value().unwrap()), format!("{value:?}"));
    }
    assert!(decoder.is_done());
}

#[test]
fn bytes_that_are_cut_or_changed_are_an_error_or_other_values() {
    let objects = Objects::default();
    let mut encoder = Encoder::new(&objects);
    values().iter().for_each(|value| encoder.value(value));
    let bytes = encoder.bytes();
    let read = |bytes: &[u8]| -> io::Result<usize> {
        let mut decoder = Decoder::new(bytes.to_vec(), &objects);
        let mut count = 0;
        while !decoder.is_done() {
            decoder.value()?;
            count += 1;
        }
        Ok(count)
    };
    assert_eq!(read(bytes).unwrap(), values().len());
    for end in 0..bytes.len() {
        assert!(read(&bytes[..end]).map_or(true, |count| count < values().len()), "cut at {end}");
    }
    for place in 0..bytes.len() {
        for byte in [0, 17, 127, 255] {
            let mut changed = bytes.to_vec();
            changed[place] = byte;
            if let Err(error) = read(&changed) {
                assert_eq!(error.kind(), io::ErrorKind::InvalidData);
            }
        }
    }
}
