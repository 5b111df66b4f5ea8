//! Bytes put aside in a temporary file and read back. The file has no name where the system knows such files, or
//! is removed with the process, so that nothing stays behind however it ends.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::IoError;

/// One growing file, shared by threads.
#[derive(Debug)]
pub struct Scratch {
    file: Mutex<Open>,
    folder: PathBuf,
}

#[derive(Debug)]
struct Open {
    file: File,
    /// Bytes that were put.
    length: u64,
}

impl Scratch {
    /// Opens a file in a folder, which is made where it is missing.
    pub fn in_folder(folder: &Path) -> Result<Scratch, IoError> {
        fs::create_dir_all(folder).map_err(|cause| crate::write::made_folder(folder, cause))?;
        let file = tempfile::tempfile_in(folder).map_err(|cause| refused(folder, cause))?;
        Ok(Scratch { file: Mutex::new(Open { file, length: 0 }), folder: folder.to_path_buf() })
    }

    /// Bytes in the file.
    pub fn size(&self) -> u64 {
        self.open().length
    }

    /// Keeps bytes; gives their offset.
    pub fn put(&self, bytes: &[u8]) -> Result<u64, IoError> {
        let mut open = self.open();
        let offset = open.length;
        let written = open.file.seek(SeekFrom::Start(offset)).and_then(|_| open.file.write_all(bytes));
        written.map_err(|cause| refused(&self.folder, cause))?;
        open.length += bytes.len() as u64;
        Ok(offset)
    }

    /// Bytes from an offset on.
    pub fn get(&self, offset: u64, length: u64) -> Result<Vec<u8>, IoError> {
        let mut open = self.open();
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        let file = &mut open.file;
        let read = file.seek(SeekFrom::Start(offset)).and_then(|_| file.take(length).read_to_end(&mut bytes));
        match read {
            Ok(read) if read as u64 == length => Ok(bytes),
            Ok(_) => Err(refused(&self.folder, io::ErrorKind::UnexpectedEof.into())),
            Err(cause) => Err(refused(&self.folder, cause)),
        }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refused(folder: &Path, cause: io::Error) -> IoError {
    IoError::Scratch { folder: folder.to_path_buf(), cause }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_and_nothing_stays() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("made/for it");
        let scratch = Scratch::in_folder(&place).unwrap();
        let first = scratch.put(b"first").unwrap();
        let second = scratch.put(&[7; 100_000]).unwrap();
        assert_eq!((first, second, scratch.size()), (0, 5, 100_005));
        assert_eq!(scratch.get(second, 100_000).unwrap(), [7; 100_000]);
        assert_eq!(scratch.get(first, 5).unwrap(), b"first");
        assert_eq!(scratch.get(3, 2).unwrap(), b"st");
        assert!(matches!(scratch.get(100_000, 6), Err(IoError::Scratch { .. })));
        drop(scratch);
        assert_eq!(fs::read_dir(&place).unwrap().count(), 0);
    }

    #[test]
    fn a_file_is_no_folder() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(matches!(Scratch::in_folder(&file), Err(IoError::IsFile { .. })));
    }

    /// Every write to this device fails as on a full disk.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told_with_the_cure() {
        let file = File::options().read(true).write(true).open("/dev/full").unwrap();
        let scratch = Scratch { file: Mutex::new(Open { file, length: 0 }), folder: PathBuf::from("/tmp") };
        let error = scratch.put(b"bytes").unwrap_err().to_string();
        assert!(error.starts_with("/tmp: temporary data could not be kept there (No space left on device"), "{error}");
        assert!(error.contains("--scratch"), "{error}");
    }
}
