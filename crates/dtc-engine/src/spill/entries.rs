//! What one identity gave, as bytes: faults, records and rows.

use std::io;
use std::sync::Arc;

use super::bytes::{Decoder, Encoder};
use super::damaged;
use crate::faults::Faults;
use crate::output::{Record, RecordKey, RowColumns, WindowRow};

const DIMENSIONS: u64 = 0;
const TIME: u64 = 1;

pub(super) fn write_faults(faults: &Faults, encoder: &mut Encoder<'_>) {
    let mut count = 0;
    faults.each(|_, _, _, _, _| count += 1);
    encoder.number(count);
    faults.each(|place, cause, count, file, line| {
        encoder.number(u64::from(place));
        encoder.plain(cause);
        encoder.number(count);
        encoder.number(u64::from(file));
        encoder.number(line);
    });
}

/// Adds an identity's faults to those of the identities before it.
pub(super) fn read_faults(decoder: &mut Decoder<'_>, all: &mut Faults) -> io::Result<()> {
    for _ in 0..decoder.number()? {
        let place = decoder.small()?;
        let cause = decoder.plain()?.to_owned();
        let count = decoder.number()?;
        let file = decoder.small()?;
        all.add(place, cause, count, file, decoder.number()?);
    }
    Ok(())
}

pub(super) fn write_record(record: &Record, encoder: &mut Encoder<'_>) {
    encoder.number(record.aggregate as u64);
    match &record.key {
        RecordKey::Dimensions(texts) => {
            encoder.number(DIMENSIONS);
            encoder.number(texts.len() as u64);
            for text in texts {
                encoder.text(text);
            }
        }
        RecordKey::Time(start) => {
            encoder.number(TIME);
            encoder.time(*start);
        }
    }
    write_values(record, encoder);
}

/// The values alone: what a table shows.
pub(super) fn write_values(record: &Record, encoder: &mut Encoder<'_>) {
    encoder.number(record.values.len() as u64);
    record.values.iter().for_each(|value| encoder.value(value));
}

pub(super) fn read_record(decoder: &mut Decoder<'_>) -> io::Result<Record> {
    let aggregate = decoder.small()? as usize;
    let key = match decoder.number()? {
        DIMENSIONS => {
            let count = decoder.number()?;
            RecordKey::Dimensions((0..count).map(|_| decoder.text()).collect::<io::Result<_>>()?)
        }
        TIME => RecordKey::Time(decoder.time()?),
        _ => return Err(damaged()),
    };
    Ok(Record { aggregate, key, values: read_values(decoder)? })
}

pub(super) fn read_values(decoder: &mut Decoder<'_>) -> io::Result<Vec<dtc_expr::Value>> {
    let count = decoder.number()?;
    (0..count).map(|_| decoder.value()).collect()
}

pub(super) fn write_rows(identity: &Arc<str>, rows: &[WindowRow], encoder: &mut Encoder<'_>) {
    encoder.text(identity);
    encoder.number(rows.len() as u64);
    for row in rows {
        encoder.time(row.anchor);
        encoder.number(u64::from(row.nth));
        encoder.number(row.values.len() as u64);
        row.values.iter().for_each(|value| encoder.value(value));
    }
}

/// Rows with the names that their document gives their values.
pub(super) fn read_rows(
    decoder: &mut Decoder<'_>,
    columns: &Arc<RowColumns>,
) -> io::Result<(Arc<str>, Vec<WindowRow>)> {
    let identity = decoder.text()?;
    let count = decoder.number()?;
    let row = |decoder: &mut Decoder<'_>| -> io::Result<WindowRow> {
        let (anchor, nth) = (decoder.time()?, decoder.small()?);
        Ok(WindowRow { anchor, nth, columns: columns.clone(), values: read_values(decoder)? })
    };
    let rows = (0..count).map(|_| row(decoder)).collect::<io::Result<_>>()?;
    Ok((identity, rows))
}
