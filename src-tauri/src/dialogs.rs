//! Native dialogs. They run on the toolkit's own thread; the calling thread waits, so it must not be it.

use std::path::PathBuf;

use rfd::FileDialog;
use studio::Native;

pub struct Dialogs;

impl Native for Dialogs {
    fn pick_folder(&self) -> Option<PathBuf> {
        FileDialog::new().set_title("Open a project folder").pick_folder()
    }

    fn pick_files(&self) -> Vec<PathBuf> {
        FileDialog::new()
            .set_title("Add sample data")
            .add_filter(
                "Events",
                &[
                    "json", "jsonl", "ndjson", "log", "csv", "tsv", "tab", "psv", "parquet", "gz", "gzip", "zst",
                    "zstd", "txt",
                ],
            )
            .add_filter("All files", &["*"])
            .pick_files()
            .unwrap_or_default()
    }

    fn pick_save_folder(&self) -> Option<PathBuf> {
        FileDialog::new().set_title("Save the bundle in a folder").pick_folder()
    }
}
