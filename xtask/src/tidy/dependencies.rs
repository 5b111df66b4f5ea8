//! Heavy libraries stay where they belong: out of the page's wasm, and Polars out of the function.

use anyhow::Result;

use super::Fault;
use crate::process;
use crate::project::Project;
use crate::wasm;

/// Too big for the page, or of no use there.
const NOT_IN_PAGE: [&str; 8] = ["regex", "chrono", "chrono-tz", "tokio", "polars", "tauri", "reqwest", "axum"];
const NOT_IN_FUNCTION: [&str; 4] = ["polars", "tauri", "axum", "leptos"];

pub fn check(project: &Project) -> Result<Vec<Fault>> {
    let mut faults = banned("ui", &tree(project, "ui", Some(wasm::TARGET))?, &NOT_IN_PAGE);
    faults.extend(banned("dtc-lambda", &tree(project, "dtc-lambda", None)?, &NOT_IN_FUNCTION));
    Ok(faults)
}

fn tree(project: &Project, package: &str, target: Option<&str>) -> Result<String> {
    let mut cargo = project.cargo();
    cargo.args(["tree", "--quiet", "--package", package, "--edges", "normal", "--prefix", "none", "--format", "{p}"]);
    if let Some(target) = target {
        cargo.args(["--target", target]);
    }
    process::output(&mut cargo)
}

/// `tree` has one package a line: its name, then its version.
fn banned(package: &str, tree: &str, names: &[&str]) -> Vec<Fault> {
    let found = names.iter().filter(|name| tree.lines().any(|line| line.split_whitespace().next() == Some(name)));
    found
        .map(|name| Fault::new(package, format!("{name} is in its dependencies (`cargo tree -p {package} -i {name}`)")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::banned;

    #[test]
    fn a_banned_library_is_found_by_its_whole_name() {
        let tree = "ui v0.1.0 (/work)\nregex-syntax v0.8.0\nserde v1.0.0 (*)\n";
        assert!(banned("ui", tree, &["regex"]).is_empty());
        assert_eq!(banned("ui", &format!("{tree}regex v1.0.0\n"), &["regex", "tokio"]).len(), 1);
    }
}
