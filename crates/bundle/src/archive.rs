//! Zips whose bytes depend on their content alone: sorted names, dates of 1980, fixed modes.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// A file of an archive.
pub struct Entry<'a> {
    pub path: &'a str,
    pub content: &'a [u8],
    pub executable: bool,
}

/// The zip of these files. Equal paths: the last one is kept.
pub fn archive(mut entries: Vec<Entry<'_>>) -> Vec<u8> {
    entries.reverse();
    entries.sort_by(|a, b| a.path.cmp(b.path));
    entries.dedup_by(|later, first| later.path == first.path);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for entry in &entries {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(DateTime::default())
            .large_file(entry.content.len() > u32::MAX as usize)
            .unix_permissions(if entry.executable { 0o755 } else { 0o644 });
        writer.start_file(entry.path, options).expect("paths are told apart above and memory takes any size");
        writer.write_all(entry.content).expect("writing to memory does not fail");
    }
    writer.finish().expect("writing to memory does not fail").into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_depend_on_content_alone() {
        let a = Entry { path: "b", content: b"two", executable: false };
        let b = Entry { path: "a/bootstrap", content: b"one", executable: true };
        let one = archive(vec![a, b]);
        let a = Entry { path: "b", content: b"two", executable: false };
        let b = Entry { path: "a/bootstrap", content: b"one", executable: true };
        assert_eq!(one, archive(vec![b, a]));

        let mut read = zip::ZipArchive::new(Cursor::new(one)).unwrap();
        let names: Vec<String> = read.file_names().map(str::to_owned).collect();
        assert_eq!(names, ["a/bootstrap", "b"]);
        let first = read.by_index(0).unwrap();
        assert_eq!(first.unix_mode().map(|mode| mode & 0o777), Some(0o755));
        assert_eq!(first.last_modified(), Some(DateTime::default()));
    }

    #[test]
    fn the_last_of_equal_paths_is_kept() {
        let entries = ["old", "new"].map(|text| Entry { path: "x", content: text.as_bytes(), executable: false });
        let bytes = archive(entries.into());
        let mut read = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        assert_eq!(read.len(), 1);
        let mut text = String::new();
        std::io::Read::read_to_string(&mut read.by_index(0).unwrap(), &mut text).unwrap();
        assert_eq!(text, "new");
    }
}
