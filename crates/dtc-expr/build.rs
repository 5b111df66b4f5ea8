//! Lists the pages of `functions/` for the reference: each file's dotted name with its text.

use std::path::{Path, PathBuf};

fn main() -> std::io::Result<()> {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("functions");
    let mut pages = Vec::new();
    collect(&root, &root, &mut pages)?;
    pages.sort();
    let mut table = String::from("&[\n");
    for page in &pages {
        let name = page.trim_end_matches(".md").replace('/', ".");
        table += &format!(
            "    ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {:?}))),\n",
            format!("/functions/{page}")
        );
    }
    table += "]\n";
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    std::fs::write(out.join("pages.rs"), table)
}

/// The Markdown files below a folder, as paths with `/` from the root.
fn collect(root: &Path, folder: &Path, pages: &mut Vec<String>) -> std::io::Result<()> {
    println!("cargo:rerun-if-changed={}", folder.display());
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, pages)?;
        } else if let Ok(inner) = path.strip_prefix(root)
            && inner.extension().is_some_and(|extension| extension == "md")
        {
            println!("cargo:rerun-if-changed={}", path.display());
            let parts: Vec<_> = inner.iter().map(|part| part.to_string_lossy()).collect();
            pages.push(parts.join("/"));
        }
    }
    Ok(())
}
