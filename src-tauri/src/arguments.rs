//! The command line: `dtc-studio [--folder DIR]`.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
dtc-studio: author, preview and export data transforms

Usage: dtc-studio [--folder DIR]

  --folder DIR   offer this folder first as a project
  --version      print the version
  --help         print this";

pub struct Arguments {
    pub folder: Option<PathBuf>,
}

/// What to say instead of opening a window.
pub enum Answer {
    Said(String),
    Refused(String),
}

impl Arguments {
    pub fn parse(mut words: impl Iterator<Item = OsString>) -> Result<Arguments, Answer> {
        let mut folder = None;
        while let Some(word) = words.next() {
            match word.to_str() {
                Some("--folder") => folder = Some(existing(words.next())?),
                Some("--help" | "-h") => return Err(Answer::Said(USAGE.to_owned())),
                Some("--version" | "-V") => {
                    return Err(Answer::Said(format!("dtc-studio {}", env!("CARGO_PKG_VERSION"))));
                }
                _ => return Err(Answer::Refused(format!("{} is not understood.\n\n{USAGE}", word.display()))),
            }
        }
        Ok(Arguments { folder })
    }
}

fn existing(word: Option<OsString>) -> Result<PathBuf, Answer> {
    let folder = PathBuf::from(word.ok_or_else(|| Answer::Refused("--folder needs a folder.".to_owned()))?);
    if folder.is_dir() { Ok(folder) } else { Err(Answer::Refused(format!("{} is not a folder.", folder.display()))) }
}

impl Answer {
    pub fn print(self) -> ExitCode {
        match self {
            Answer::Said(text) => {
                // Nobody may read it any more.
                let _ = writeln!(io::stdout(), "{text}");
                ExitCode::SUCCESS
            }
            Answer::Refused(text) => {
                eprintln!("{text}");
                ExitCode::from(2)
            }
        }
    }
}
