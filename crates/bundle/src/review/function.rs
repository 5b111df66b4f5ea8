//! The zips hold what their names and the template promise: a program, the documents that lie beside it, named by content.

use std::io::{Cursor, Read};

use super::{Finding, Seen, counted};

pub fn look(seen: &Seen<'_>) -> (String, Vec<Finding>) {
    let zips: Vec<&crate::File> = seen.bundle.files.iter().filter(|file| file.path.ends_with(".zip")).collect();
    let mut findings = Vec::new();
    let mut bytes = 0;
    for zip in &zips {
        bytes += zip.content.len();
        findings.extend(faults(seen, zip).into_iter().map(|message| Finding {
            path: zip.path.clone(),
            line: 0,
            message,
        }));
        let template = seen.texts.get(super::TEMPLATE).map_or("", String::as_str);
        let name = zip.path.rsplit('/').next().unwrap_or_default();
        if !template.contains(name) {
            findings.push(super::found(0, format!("No function of the template uses {}", zip.path)));
        }
    }
    (format!("{}, {:.1} MB", counted(zips.len(), "zip"), bytes as f64 / 1e6), findings)
}

fn faults(seen: &Seen<'_>, zip: &crate::File) -> Vec<String> {
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(&zip.content)) else {
        return vec!["it is no zip. Export again".to_owned()];
    };
    let mut faults = Vec::new();
    let mut has_program = false;
    for at in 0..archive.len() {
        let Ok(mut entry) = archive.by_index(at) else { continue };
        let (name, mode) = (entry.name().to_owned(), entry.unix_mode().unwrap_or_default());
        if name == "bootstrap" {
            has_program = true;
            if mode & 0o111 == 0 {
                faults.push("its bootstrap cannot be executed".to_owned());
            }
            continue;
        }
        let Some(beside) = seen.texts.get(&name) else { continue };
        let mut inside = String::new();
        if entry.read_to_string(&mut inside).is_err() || inside != *beside {
            faults.push(format!(
                "{name} in the zip is not the file of the bundle: the function would run another document"
            ));
        }
    }
    if !has_program {
        faults.push("it holds no bootstrap: Lambda would find no program".to_owned());
    }
    faults
}
