//! Who may import whom: DESIGN's one direction, as a table. A dependency that is not in it fails,
//! and so does a crate that is not.

use anyhow::{Context, Result};
use serde_json::Value;

use super::Fault;

/// Each crate and what it may name of ours. Its tests may name anything.
const ALLOWED: [(&str, &[&str]); 27] = [
    ("dtc-expr", &[]),
    ("dtc-lang", &["dtc-expr"]),
    ("dtc-engine", &["dtc-lang", "dtc-expr"]),
    ("dtc-io", &["dtc-expr", "polars-features"]),
    ("dtc-aws", &["dtc-expr", "dtc-lang", "dtc-engine", "dtc-io"]),
    ("warehouse", &["dtc-expr", "dtc-io", "dtc-aws"]),
    ("polars-features", &[]),
    ("unicode_names2", &[]),
    ("attribution", &["dtc-expr"]),
    ("bandit", &["dtc-expr"]),
    ("bandit-log", &["bandit", "charts", "dtc-expr", "dtc-io"]),
    ("join-service", &["bandit"]),
    ("charts", &[]),
    ("bundle", &["dtc-expr", "dtc-lang", "dtc-engine", "dtc-io"]),
    ("studio-api", &["charts", "dtc-lang"]),
    (
        "studio",
        &[
            "dtc-expr",
            "dtc-lang",
            "dtc-engine",
            "dtc-io",
            "attribution",
            "bandit",
            "bandit-log",
            "charts",
            "bundle",
            "studio-api",
        ],
    ),
    ("studio-server", &["studio", "studio-api"]),
    ("dtc-studio", &["studio", "studio-api"]),
    (
        "dtc-cli",
        &[
            "dtc-expr",
            "dtc-lang",
            "dtc-engine",
            "dtc-io",
            "dtc-aws",
            "warehouse",
            "attribution",
            "bandit",
            "bandit-log",
            "bundle",
            "charts",
            "studio",
            "studio-api",
            "studio-server",
            "join-service",
        ],
    ),
    ("dtc-lambda", &["dtc-expr", "dtc-lang", "dtc-engine", "dtc-io", "dtc-aws"]),
    ("ui", &["studio-api", "dtc-lang", "dtc-expr", "charts"]),
    ("runtime-api", &[]),
    ("xtask", &["runtime-api"]),
    (
        "suite",
        &[
            "dtc-expr",
            "dtc-lang",
            "dtc-engine",
            "dtc-io",
            "dtc-aws",
            "attribution",
            "bandit",
            "bandit-log",
            "charts",
            "bundle",
            "runtime-api",
            "wasm-rows",
        ],
    ),
    ("wasm-rows", &["dtc-expr", "dtc-lang", "dtc-engine", "dtc-io"]),
    ("e2e", &[]),
    ("benches", &["attribution", "dtc-expr", "dtc-lang", "dtc-engine", "dtc-io"]),
];

/// Packages as `cargo metadata` lists them.
pub fn check(packages: &[Value]) -> Result<Vec<Fault>> {
    let ours: Vec<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    let mut faults = Vec::new();
    for package in packages {
        let name = package["name"].as_str().context("a package without a name")?;
        let Some((_, allowed)) = ALLOWED.iter().find(|(crate_name, _)| *crate_name == name) else {
            faults.push(Fault::new(name, "the crate is not in the table of imports (xtask/src/tidy/imports.rs)"));
            continue;
        };
        for dependency in package["dependencies"].as_array().map_or(&[][..], Vec::as_slice) {
            let Some(target) = dependency["name"].as_str().filter(|target| ours.contains(target)) else {
                continue;
            };
            if dependency["kind"].as_str() != Some("dev") && !allowed.contains(&target) {
                faults.push(Fault::new(name, format!("may not import {target}")));
            }
        }
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::check;
    use serde_json::json;

    #[test]
    fn an_import_against_the_direction_fails() {
        let packages = |kind: Option<&str>| {
            [
                json!({"name": "dtc-lang", "dependencies": [{"name": "studio", "kind": kind}, {"name": "serde", "kind": null}]}),
                json!({"name": "studio", "dependencies": [{"name": "dtc-lang", "kind": null}]}),
            ]
        };
        assert_eq!(check(&packages(None)).unwrap().len(), 1);
        assert_eq!(check(&packages(Some("build"))).unwrap().len(), 1);
        assert!(check(&packages(Some("dev"))).unwrap().is_empty());
    }

    #[test]
    fn a_crate_outside_the_table_fails() {
        assert_eq!(check(&[json!({"name": "shared", "dependencies": []})]).unwrap().len(), 1);
    }
}
