//! What a warehouse said, in the words of the person who has to mend it.

use dtc_io::IoError;

pub(crate) fn refused(place: &str, what: impl Into<String>, cure: impl Into<String>) -> IoError {
    IoError::Remote { place: place.to_owned(), what: what.into(), cure: cure.into() }
}
