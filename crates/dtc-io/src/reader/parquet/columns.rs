//! Which columns of a Parquet file are read and as what; those that hold bytes are left out, or refused
//! where a document names them.

use std::collections::HashSet;
use std::fs::File;
use std::sync::Arc;

use arrow_schema::{DataType, Field, Fields, Schema, TimeUnit};
use dtc_expr::Value;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::basic::{ConvertedType, LogicalType, Type as Physical};
use parquet::schema::types::Type;

use crate::error::IoError;
use crate::guard::guarded;
use crate::projection::Projection;

/// What a cell may hold that has no value of ours, and the cure.
type Unread = (&'static str, &'static str);

/// The columns to read, in the file's order.
#[derive(Default)]
pub(super) struct Columns {
    pub(super) keys: Vec<Value>,
    /// Their places among the columns of the file.
    pub(super) places: Vec<usize>,
    pub(super) notices: Vec<String>,
}

/// Reads the footer: the columns that the projection keeps, and notices about those that cannot be read.
pub(super) fn open(
    file: &File,
    name: &str,
    projection: &Projection,
) -> Result<(ArrowReaderMetadata, Columns), IoError> {
    let damaged = |reason: String| IoError::DamagedParquet { name: name.to_owned(), reason };
    let metadata = guarded(|| load(file)).and_then(|read| read).map_err(damaged)?;
    let mut columns = Columns::default();
    let mut seen = HashSet::new();
    for (place, field) in metadata.schema().fields().iter().enumerate() {
        let column = field.name();
        if !seen.insert(column) {
            return Err(damaged(format!("two columns are named `{column}`")));
        }
        if !projection.keeps(column) {
            continue;
        }
        match unread(field.data_type()) {
            None => {
                columns.keys.push(Value::str(column));
                columns.places.push(place);
            }
            Some((what, cure)) if *projection == Projection::All => {
                columns.notices.push(format!("the column `{column}` holds {what}; it was left out ({cure})"));
            }
            Some((what, cure)) => {
                let (name, column, what) = (name.to_owned(), column.clone(), what.to_owned());
                return Err(IoError::UnreadColumn { name, column, what, cure });
            }
        }
    }
    Ok((metadata, columns))
}

/// As the Parquet schema has them; what another program keeps about Arrow beside it changes nothing.
fn load(file: &File) -> Result<ArrowReaderMetadata, String> {
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let metadata = ArrowReaderMetadata::load(file, options.clone()).map_err(|cause| words(&cause))?;
    let roots = metadata.parquet_schema().root_schema().get_fields();
    let fields: Fields = metadata.schema().fields().iter().zip(roots).map(|(field, root)| meant(field, root)).collect();
    if fields == *metadata.schema().fields() {
        return Ok(metadata);
    }
    let options = options.with_schema(Arc::new(Schema::new(fields)));
    ArrowReaderMetadata::try_new(metadata.metadata().clone(), options).map_err(|cause| words(&cause))
}

/// Old timestamps of 96 bits in a unit that spans all years; words of an enumeration as text.
fn meant(field: &Arc<Field>, root: &Type) -> Arc<Field> {
    let about = root.get_basic_info();
    let is_word =
        about.converted_type() == ConvertedType::ENUM || matches!(about.logical_type_ref(), Some(LogicalType::Enum));
    let meant = match field.data_type() {
        DataType::Timestamp(TimeUnit::Nanosecond, zone)
            if root.is_primitive() && root.get_physical_type() == Physical::INT96 =>
        {
            DataType::Timestamp(TimeUnit::Microsecond, zone.clone())
        }
        DataType::Binary if is_word => DataType::Utf8,
        _ => return field.clone(),
    };
    Arc::new(field.as_ref().clone().with_data_type(meant))
}

/// Why a type has no values of ours.
fn unread(kind: &DataType) -> Option<Unread> {
    match kind {
        DataType::Struct(fields) => fields.iter().find_map(|field| unread(field.data_type())),
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::FixedSizeList(item, _)
        | DataType::Map(item, _) => unread(item.data_type()),
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            Some(("bytes", "write it as text: cast it to a string, or encode it as base64"))
        }
        DataType::Interval(_) => Some(("calendar intervals", "write it as text or as a number of seconds")),
        DataType::Decimal256(..) => Some(("decimals of more than 38 digits", "write it as text")),
        _ => None,
    }
}

/// An error of the library without the words that we say already.
pub(super) fn words(cause: &dyn std::fmt::Display) -> String {
    let text = cause.to_string();
    text.trim_start_matches("Parquet argument error: ").trim_start_matches("Parquet error: ").to_owned()
}
