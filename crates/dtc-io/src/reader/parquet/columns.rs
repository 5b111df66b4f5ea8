//! Which columns of a Parquet file are read and as what; those that hold bytes are left out, or refused
//! where a document names them.

use std::collections::HashSet;

use dtc_expr::Value;
use polars_arrow::datatypes::{ArrowDataType, Field, TimeUnit};
use polars_parquet::read::schema::{SchemaInferenceOptions, parquet_to_arrow_schema_with_options};
use polars_parquet::read::{FileMetadata, PrimitiveConvertedType, PrimitiveLogicalType};

use crate::error::IoError;
use crate::guard::guarded;
use crate::projection::Projection;

/// A column to read.
pub(super) struct Wanted {
    pub(super) key: Value,
    pub(super) field: Field,
}

/// Whether a leaf of bytes is text all the same, leaf by leaf.
type Texts<'a> = &'a mut dyn Iterator<Item = bool>;

/// The columns that the projection keeps, in the file's order, and notices about those that cannot be read.
pub(super) fn wanted(
    metadata: &FileMetadata,
    name: &str,
    projection: &Projection,
) -> Result<(Vec<Wanted>, Vec<String>), IoError> {
    let damaged = |reason: String| IoError::DamagedParquet { name: name.to_owned(), reason };
    let mut wanted = Vec::new();
    let mut notices = Vec::new();
    let mut seen = HashSet::new();
    for mut field in fields(metadata).map_err(damaged)? {
        let column = field.name.as_str().to_owned();
        if !seen.insert(column.clone()) {
            return Err(damaged(format!("two columns are named `{column}`")));
        }
        if !projection.keeps(&column) {
            continue;
        }
        let mut texts = texts_of(metadata, &column);
        match readable(&mut field.dtype, &mut texts) {
            Ok(()) => wanted.push(Wanted { key: Value::str(&column), field }),
            Err((what, cure)) if *projection == Projection::All => {
                notices.push(format!("the column `{column}` holds {what}; it was left out ({cure})"));
            }
            Err((what, cure)) => {
                return Err(IoError::UnreadColumn { name: name.to_owned(), column, what: what.to_owned(), cure });
            }
        }
    }
    Ok((wanted, notices))
}

/// As the Parquet schema has them; what another program keeps about Arrow beside it changes nothing.
fn fields(metadata: &FileMetadata) -> Result<Vec<Field>, String> {
    let options = Some(SchemaInferenceOptions { int96_coerce_to_timeunit: TimeUnit::Microsecond });
    let schema = guarded(|| parquet_to_arrow_schema_with_options(metadata.schema().fields(), &options))?;
    Ok(schema.iter_values().cloned().collect())
}

/// For each leaf below a column whether its bytes are JSON or a name of an enumeration.
fn texts_of(metadata: &FileMetadata, column: &str) -> impl Iterator<Item = bool> + use<> {
    let leaves = metadata.schema().columns().iter().filter(move |leaf| leaf.path_in_schema[0].as_str() == column);
    let texts: Vec<bool> = leaves
        .map(|leaf| {
            let kind = &leaf.descriptor.primitive_type;
            matches!(kind.logical_type, Some(PrimitiveLogicalType::Json | PrimitiveLogicalType::Enum))
                || matches!(kind.converted_type, Some(PrimitiveConvertedType::Json | PrimitiveConvertedType::Enum))
        })
        .collect();
    texts.into_iter()
}

/// Makes the type one that `values` knows, or says what it is and the cure.
fn readable(kind: &mut ArrowDataType, texts: Texts<'_>) -> Result<(), (&'static str, &'static str)> {
    use ArrowDataType as Kind;
    match kind {
        Kind::Struct(fields) => fields.iter_mut().try_for_each(|field| readable(&mut field.dtype, texts)),
        Kind::List(item) | Kind::LargeList(item) | Kind::FixedSizeList(item, _) | Kind::Map(item, _) => {
            readable(&mut item.dtype, texts)
        }
        leaf => {
            let text = texts.next().unwrap_or(false);
            match leaf {
                Kind::BinaryView | Kind::Binary | Kind::LargeBinary if text => *leaf = Kind::Utf8View,
                Kind::Binary | Kind::LargeBinary | Kind::BinaryView | Kind::FixedSizeBinary(_) => {
                    return Err(("bytes", "write it as text: cast it to a string, or encode it as base64"));
                }
                Kind::Interval(_) => return Err(("calendar intervals", "write it as text or as a number of seconds")),
                Kind::Decimal(precision, _) if *precision > 38 => {
                    return Err(("decimals of more than 38 digits", "write it as text"));
                }
                _ => {}
            }
            Ok(())
        }
    }
}
