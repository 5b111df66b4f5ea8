//! Follows a folder's files of lines as they grow, in the order of their names.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Bytes that are read together at most, but for one line that is longer.
const MOST_TOGETHER: usize = 256 << 10;
/// A line that is longer is no line.
const LONGEST_LINE: u64 = 16 << 20;

/// A name of a file and bytes of it that were taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cursor {
    pub name: String,
    pub at: u64,
}

pub struct Tail {
    folder: PathBuf,
    cursor: Cursor,
}

impl Tail {
    pub fn at(folder: &Path, cursor: Cursor) -> Tail {
        Tail { folder: folder.to_path_buf(), cursor }
    }

    pub fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// Whole lines after the place; empty while there are none. Does not move on by itself.
    pub fn next(&mut self) -> io::Result<Vec<u8>> {
        loop {
            // Looked for before reading: once there is a later file, this one does not grow any more.
            let later = names(&self.folder)?.into_iter().find(|name| *name > self.cursor.name);
            let mut lines = match self.read() {
                Ok(lines) => lines,
                // It was taken away after it was read, or is not begun yet.
                Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
                Err(error) => return Err(error),
            };
            let whole = lines.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
            if whole > 0 || later.is_none() {
                lines.truncate(whole);
                return Ok(lines);
            }
            if !lines.is_empty() {
                // A file that ended without a line's end.
                return Ok(lines);
            }
            self.cursor = Cursor { name: later.unwrap_or_default(), at: 0 };
        }
    }

    fn read(&self) -> io::Result<Vec<u8>> {
        if self.cursor.name.is_empty() {
            return Ok(Vec::new());
        }
        let path = self.folder.join(&self.cursor.name);
        let mut lines = Vec::new();
        let mut file = File::open(&path)?;
        file.seek(SeekFrom::Start(self.cursor.at))?;
        file.take(MOST_TOGETHER as u64).read_to_end(&mut lines)?;
        if lines.len() >= MOST_TOGETHER && !lines.contains(&b'\n') {
            let mut rest = BufReader::new(File::open(&path)?);
            rest.seek(SeekFrom::Start(self.cursor.at + lines.len() as u64))?;
            rest.take(LONGEST_LINE).read_until(b'\n', &mut lines)?;
        }
        Ok(lines)
    }

    pub fn advance(&mut self, by: usize) {
        self.cursor.at += by as u64;
    }

    /// Bytes that lie before the reader.
    pub fn behind(&self) -> u64 {
        let mut bytes = 0;
        for name in names(&self.folder).unwrap_or_default() {
            let length = fs::metadata(self.folder.join(&name)).map_or(0, |about| about.len());
            if name == self.cursor.name {
                bytes += length.saturating_sub(self.cursor.at);
            } else if name > self.cursor.name {
                bytes += length;
            }
        }
        bytes
    }
}

/// The files of lines in the folder, by name.
pub fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        names.extend(name.into_string().ok().filter(|name| name.ends_with(".jsonl") || name.ends_with(".ndjson")));
    }
    names.sort_unstable();
    Ok(names)
}

/// `AT NAME`, as it is kept between starts.
pub fn to_text(cursor: &Cursor) -> String {
    format!("{} {}", cursor.at, cursor.name)
}

/// The beginning, where there is no such text.
pub fn of_text(text: &str) -> Cursor {
    let cursor = text
        .trim_end_matches('\n')
        .split_once(' ')
        .and_then(|(at, name)| Some(Cursor { name: name.to_owned(), at: at.parse().ok()? }));
    cursor.unwrap_or_default()
}

/// Puts the file in its place whole or not at all.
pub fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = File::create(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_data()?;
    fs::rename(beside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_in_the_order_of_files_and_wait_for_their_end() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        let mut tail = Tail::at(folder.path(), Cursor::default());
        assert_eq!(tail.next().unwrap(), b"");
        write("b.jsonl", "1\n2\n3");
        write("c.txt", "no\n");
        assert_eq!(tail.next().unwrap(), b"1\n2\n");
        tail.advance(4);
        assert_eq!((tail.next().unwrap(), tail.behind()), (Vec::new(), 1));
        let kept = of_text(&to_text(tail.cursor()));
        write("c.jsonl", "4\n");
        let mut tail = Tail::at(folder.path(), kept);
        assert_eq!(tail.next().unwrap(), b"3", "its file has ended");
        tail.advance(1);
        assert_eq!(tail.next().unwrap(), b"4\n");
        let long = format!("{}\n", "x".repeat(MOST_TOGETHER + 5));
        write("d.jsonl", &long);
        tail.advance(2);
        assert_eq!(tail.next().unwrap(), long.as_bytes());
    }
}
