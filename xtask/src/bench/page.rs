//! docs/BENCHMARKS.md: a section per benchmark, each replaced by its own command alone.

use std::fs;

use anyhow::{Context, Result};

use crate::project::Project;

const HEAD: &str = "# Benchmarks\n";

/// Writes the section in the place of the one with this title, else at the end.
pub fn write(project: &Project, title: &str, body: &str) -> Result<()> {
    let path = project.root.join("docs/BENCHMARKS.md");
    let before = fs::read_to_string(&path).unwrap_or_default();
    fs::write(&path, replaced(&before, title, body)).with_context(|| format!("cannot write {}", path.display()))
}

fn replaced(page: &str, title: &str, body: &str) -> String {
    let mut sections: Vec<(String, String)> = page
        .split("\n## ")
        .skip(1)
        .map(|section| section.split_once('\n').unwrap_or((section, "")))
        .map(|(title, body)| (title.trim().to_owned(), body.trim().to_owned()))
        .collect();
    let section = (title.to_owned(), body.trim().to_owned());
    match sections.iter().position(|(known, _)| known == title) {
        Some(at) => sections[at] = section,
        None => sections.push(section),
    }
    let sections = sections.iter().map(|(title, body)| format!("\n## {title}\n\n{body}\n"));
    HEAD.to_owned() + &sections.collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn a_section_is_replaced_and_the_others_stay() {
        let page = replaced(&replaced("", "One", "a\n"), "Two", "b\n\n### Part\n\nc");
        assert_eq!(page, "# Benchmarks\n\n## One\n\na\n\n## Two\n\nb\n\n### Part\n\nc\n");
        assert_eq!(replaced(&page, "Two", "b\n\n### Part\n\nc"), page);
        assert_eq!(replaced(&page, "One", "d"), page.replace("\na\n", "\nd\n"));
    }
}
