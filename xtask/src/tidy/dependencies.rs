//! Heavy libraries stay where they belong: out of the page's wasm, and Polars out of the function.

use anyhow::Result;
use serde_json::Value;

use super::Fault;
use crate::process;
use crate::project::Project;
use crate::wasm;

/// Too big for the page, or of no use there.
const NOT_IN_PAGE: [&str; 7] = ["chrono", "chrono-tz", "tokio", "polars", "tauri", "reqwest", "axum"];
const NOT_IN_FUNCTION: [&str; 4] = ["polars", "tauri", "axum", "leptos"];
/// What the page is made of. leptos names regex for a file that no page reads, and the linker drops
/// it; a crate of ours that names it would call it.
const PAGE: [&str; 5] = ["ui", "dtc-lang", "dtc-expr", "charts", "studio-api"];
const NOT_BY_US: &str = "regex";

pub fn check(project: &Project) -> Result<Vec<Fault>> {
    let mut faults = banned("ui", &tree(project, "ui", Some(wasm::TARGET))?, &NOT_IN_PAGE);
    faults.extend(banned("dtc-lambda", &tree(project, "dtc-lambda", None)?, &NOT_IN_FUNCTION));
    faults.extend(named(project.packages()));
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

/// Packages as `cargo metadata` lists them.
fn named(packages: &[Value]) -> Vec<Fault> {
    let ours = packages.iter().filter(|package| package["name"].as_str().is_some_and(|name| PAGE.contains(&name)));
    let names_it = |package: &&Value| {
        let dependencies = package["dependencies"].as_array().map_or(&[][..], Vec::as_slice);
        dependencies.iter().any(|it| it["name"] == NOT_BY_US && it["kind"].as_str() != Some("dev"))
    };
    let place = |package: &Value| package["name"].as_str().unwrap_or_default().to_owned();
    ours.filter(names_it)
        .map(|package| Fault::new(place(package), format!("names {NOT_BY_US}, too big for the page")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{banned, named};
    use serde_json::json;

    #[test]
    fn a_banned_library_is_found_by_its_whole_name() {
        let tree = "ui v0.1.0 (/work)\nregex-syntax v0.8.0\nserde v1.0.0 (*)\n";
        assert!(banned("ui", tree, &["regex"]).is_empty());
        assert_eq!(banned("ui", &format!("{tree}regex v1.0.0\n"), &["regex", "tokio"]).len(), 1);
    }

    #[test]
    fn a_crate_of_the_page_may_not_name_regex() {
        let package = |name: &str| [json!({"name": name, "dependencies": [{"name": "regex", "kind": null}]})];
        assert_eq!(named(&package("dtc-expr")).len(), 1);
        assert!(named(&package("dtc-io")).is_empty());
    }
}
