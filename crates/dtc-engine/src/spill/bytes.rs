//! Values as bytes, exactly: every value comes back as it was, flavours and bits of floats too. Equal short texts
//! of a stretch are written once.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use dtc_expr::{DateTime, Dict, Flavor, Set, TimeDelta, Value};
use num_bigint::BigInt;
use rustc_hash::FxHashMap;

use super::damaged;

/// Longer texts are written each time.
const SHORT: usize = 64;

const NONE: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const INTEGER: u8 = 3;
const FLOAT: u8 = 4;
const BIG: u8 = 5;
const NEW_TEXT: u8 = 6;
const SAME_TEXT: u8 = 7;
const LONG_TEXT: u8 = 8;
const NAIVE_TIME: u8 = 9;
const TIME: u8 = 10;
const SPAN: u8 = 11;
const TUPLE: u8 = 12;
const LIST: u8 = 13;
const DICT: u8 = 14;
const SET: u8 = 15;
const OBJECT: u8 = 16;
/// No value at all.
const NOTHING: u8 = 17;

/// Values that have no bytes (a function in a list): they stay where they are.
#[derive(Debug, Default)]
pub(super) struct Objects(Mutex<Vec<Value>>);

impl Objects {
    fn keep(&self, value: &Value) -> u64 {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push(value.clone());
        kept.len() as u64 - 1
    }

    fn get(&self, place: u64) -> io::Result<Value> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        usize::try_from(place).ok().and_then(|place| kept.get(place).cloned()).ok_or_else(damaged)
    }
}

/// Writes one stretch that is read from front to back.
pub(super) struct Encoder<'o> {
    bytes: Vec<u8>,
    texts: FxHashMap<Arc<str>, u64>,
    objects: &'o Objects,
}

impl<'o> Encoder<'o> {
    pub(super) fn new(objects: &'o Objects) -> Encoder<'o> {
        Encoder { bytes: Vec::new(), texts: FxHashMap::default(), objects }
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Begins another stretch.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.texts.clear();
    }

    pub(super) fn fixed(&mut self, number: u64) {
        self.bytes.extend_from_slice(&number.to_le_bytes());
    }

    #[inline]
    pub(super) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    /// Small ones of both signs take few bytes.
    #[inline]
    pub(super) fn signed(&mut self, number: i64) {
        self.number((number << 1 ^ number >> 63) as u64);
    }

    /// A text that is not looked for among others.
    pub(super) fn plain(&mut self, text: &str) {
        self.raw(text.as_bytes());
    }

    fn raw(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
    }

    /// Whether the text is new to the stretch.
    #[inline]
    pub(super) fn text(&mut self, text: &Arc<str>) -> bool {
        if text.len() > SHORT {
            self.bytes.push(LONG_TEXT);
            self.raw(text.as_bytes());
            return true;
        }
        if let Some(known) = self.texts.get(text).copied() {
            self.bytes.push(SAME_TEXT);
            self.number(known);
            return false;
        }
        self.texts.insert(text.clone(), self.texts.len() as u64);
        self.bytes.push(NEW_TEXT);
        self.raw(text.as_bytes());
        true
    }

    pub(super) fn time(&mut self, time: Option<DateTime>) {
        match time {
            None => self.bytes.push(NONE),
            Some(DateTime { micros, offset: None }) => {
                self.bytes.push(NAIVE_TIME);
                self.signed(micros);
            }
            Some(DateTime { micros, offset: Some(offset) }) => {
                self.bytes.push(TIME);
                self.signed(micros);
                self.signed(i64::from(offset));
            }
        }
    }

    /// Stands where there might be a value.
    pub(super) fn nothing(&mut self) {
        self.bytes.push(NOTHING);
    }

    pub(super) fn value(&mut self, value: &Value) {
        match value {
            Value::None => self.bytes.push(NONE),
            Value::Bool(flag) => self.bytes.push(if *flag { TRUE } else { FALSE }),
            Value::Int(number) => {
                self.bytes.push(INTEGER);
                self.signed(*number);
            }
            Value::Big(number) => {
                self.bytes.push(BIG);
                self.raw(&number.to_signed_bytes_le());
            }
            Value::Float(number) => {
                self.bytes.push(FLOAT);
                self.fixed(number.to_bits());
            }
            Value::Str(text) => {
                self.text(text);
            }
            Value::DateTime(time) => self.time(Some(*time)),
            Value::TimeDelta(span) => {
                self.bytes.push(SPAN);
                self.signed(span.micros);
            }
            Value::Tuple(items) => {
                self.bytes.push(TUPLE);
                self.items(items.len(), items.iter());
            }
            Value::List(flavor, items) => {
                self.bytes.extend([LIST, flavor_number(*flavor)]);
                self.items(items.len(), items.iter());
            }
            Value::Dict(flavor, dict) => {
                self.bytes.extend([DICT, flavor_number(*flavor)]);
                self.items(dict.len(), dict.iter().flat_map(|(key, value)| [key, value]));
            }
            Value::Set(flavor, set) => {
                self.bytes.extend([SET, flavor_number(*flavor)]);
                self.items(set.len(), set.iter());
            }
            Value::Object(_) => {
                self.bytes.push(OBJECT);
                self.number(self.objects.keep(value));
            }
        }
    }

    fn items<'v>(&mut self, count: usize, items: impl Iterator<Item = &'v Value>) {
        self.number(count as u64);
        items.for_each(|item| self.value(item));
    }
}

/// Reads a stretch.
pub(super) struct Decoder<'o> {
    bytes: Vec<u8>,
    at: usize,
    texts: Vec<Arc<str>>,
    objects: &'o Objects,
}

impl<'o> Decoder<'o> {
    pub(super) fn new(bytes: Vec<u8>, objects: &'o Objects) -> Decoder<'o> {
        Decoder { bytes, at: 0, texts: Vec::new(), objects }
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.bytes.len()
    }

    fn take(&mut self, count: usize) -> io::Result<&[u8]> {
        let end = self.at.checked_add(count).ok_or_else(damaged)?;
        let bytes = self.bytes.get(self.at..end).ok_or_else(damaged)?;
        self.at = end;
        Ok(bytes)
    }

    #[inline]
    fn byte(&mut self) -> io::Result<u8> {
        let byte = self.bytes.get(self.at).copied().ok_or_else(damaged)?;
        self.at += 1;
        Ok(byte)
    }

    pub(super) fn fixed(&mut self) -> io::Result<u64> {
        let bytes = self.take(8)?.first_chunk::<8>().ok_or_else(damaged)?;
        Ok(u64::from_le_bytes(*bytes))
    }

    #[inline]
    pub(super) fn number(&mut self) -> io::Result<u64> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
            shift += 7;
            if shift > 63 {
                return Err(damaged());
            }
        }
    }

    /// A number that counts things in memory.
    #[inline]
    pub(super) fn small(&mut self) -> io::Result<u32> {
        u32::try_from(self.number()?).map_err(|_| damaged())
    }

    #[inline]
    pub(super) fn signed(&mut self) -> io::Result<i64> {
        let number = self.number()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    pub(super) fn plain(&mut self) -> io::Result<&str> {
        std::str::from_utf8(self.raw()?).map_err(|_| damaged())
    }

    pub(super) fn raw(&mut self) -> io::Result<&[u8]> {
        let length = self.small()? as usize;
        self.take(length)
    }

    pub(super) fn text(&mut self) -> io::Result<Arc<str>> {
        match self.value()? {
            Value::Str(text) => Ok(text),
            _ => Err(damaged()),
        }
    }

    pub(super) fn time(&mut self) -> io::Result<Option<DateTime>> {
        match self.value()? {
            Value::None => Ok(None),
            Value::DateTime(time) => Ok(Some(time)),
            _ => Err(damaged()),
        }
    }

    /// A value, or `None` where there is none.
    #[inline]
    pub(super) fn any(&mut self) -> io::Result<Option<Value>> {
        if self.bytes.get(self.at) == Some(&NOTHING) {
            self.at += 1;
            return Ok(None);
        }
        self.value().map(Some)
    }

    pub(super) fn value(&mut self) -> io::Result<Value> {
        Ok(match self.byte()? {
            NONE => Value::None,
            FALSE => Value::Bool(false),
            TRUE => Value::Bool(true),
            INTEGER => Value::Int(self.signed()?),
            FLOAT => Value::Float(f64::from_bits(self.fixed()?)),
            BIG => Value::Big(Arc::new(BigInt::from_signed_bytes_le(self.raw()?))),
            NEW_TEXT => {
                let text: Arc<str> = Arc::from(self.plain()?);
                self.texts.push(text.clone());
                Value::Str(text)
            }
            SAME_TEXT => {
                let known = self.small()? as usize;
                Value::Str(self.texts.get(known).cloned().ok_or_else(damaged)?)
            }
            LONG_TEXT => Value::str(self.plain()?),
            NAIVE_TIME => Value::DateTime(DateTime { micros: self.signed()?, offset: None }),
            TIME => {
                let micros = self.signed()?;
                let offset = i32::try_from(self.signed()?).map_err(|_| damaged())?;
                Value::DateTime(DateTime { micros, offset: Some(offset) })
            }
            SPAN => Value::TimeDelta(TimeDelta { micros: self.signed()? }),
            TUPLE => Value::tuple(self.items()?),
            LIST => {
                let flavor = self.flavor()?;
                Value::List(flavor, Arc::new(self.items()?))
            }
            DICT => {
                let (flavor, count) = (self.flavor()?, self.small()?);
                let mut dict = Dict::default();
                for _ in 0..count {
                    let key = self.value()?;
                    dict.insert(key, self.value()?);
                }
                Value::Dict(flavor, Arc::new(dict))
            }
            SET => {
                let flavor = self.flavor()?;
                Value::Set(flavor, Arc::new(self.items()?.into_iter().collect::<Set>()))
            }
            OBJECT => {
                let place = self.number()?;
                self.objects.get(place)?
            }
            _ => return Err(damaged()),
        })
    }

    fn items(&mut self) -> io::Result<Vec<Value>> {
        let count = self.small()? as usize;
        // An item takes a byte at least.
        let mut items = Vec::with_capacity(count.min(self.bytes.len() - self.at));
        for _ in 0..count {
            items.push(self.value()?);
        }
        Ok(items)
    }

    fn flavor(&mut self) -> io::Result<Flavor> {
        let number = self.byte()?;
        FLAVORS.iter().copied().find(|flavor| flavor_number(*flavor) == number).ok_or_else(damaged)
    }
}

const FLAVORS: [Flavor; 4] = [Flavor::Plain, Flavor::Record, Flavor::Counter, Flavor::Field];

fn flavor_number(flavor: Flavor) -> u8 {
    match flavor {
        Flavor::Plain => 0,
        Flavor::Record => 1,
        Flavor::Counter => 2,
        Flavor::Field => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
