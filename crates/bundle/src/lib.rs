//! Documents → the files of a deployable bundle (AWS SAM or plain CloudFormation), in memory.
//!
//! Same input, same bytes. Refuses I/O: the caller brings the function's binary and writes the files.

mod archive;
mod check;
mod cost;
mod diagram;
mod difference;
mod environment;
mod filter;
mod graph;
mod guide;
mod names;
mod picture;
mod pipeline;
mod proof;
mod release;
mod replacement;
mod review;
mod settings;
mod sources;
mod template;
mod usage;
mod write;

use dtc_lang::document::{Streaming, Window};
use dtc_lang::pipeline::Pipeline;
use sha2::{Digest, Sha256};

use archive::Entry;
pub use check::CODES;
pub use diagram::{BOX, Diagram, Shape, diagram};
pub use difference::{Difference, difference};
pub use environment::{Environment, environments};
pub use proof::{Proof, proof};
pub use replacement::{Harm, Replacement, replacements};
pub use review::{Finding, Look, review, texts};
pub use settings::is_about_pipeline;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Sam,
    CloudFormation,
}

/// What goes into a bundle.
pub struct Input<'a> {
    /// Folder name of the project; names the stack.
    pub project: &'a str,
    pub streaming: &'a Streaming,
    pub window: Option<&'a Window>,
    /// `None` is a document that says nothing.
    pub pipeline: Option<&'a Pipeline>,
    /// Every document and function that the function needs, by name, as the user wrote it.
    pub files: &'a [(String, String)],
    /// The `dtc-lambda` binary (static, x86_64).
    pub bootstrap: &'a [u8],
    /// Sample events and their rows; `None`: there are no samples.
    pub proof: Option<&'a Proof>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// With `/`, inside the bundle.
    pub path: String,
    pub content: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    pub files: Vec<File>,
    /// Commands that deploy it, in order.
    pub commands: Vec<String>,
}

/// Makes the bundle, or says what in the documents stands in the way.
pub fn export(input: &Input<'_>, target: Target) -> Result<Bundle, Vec<dtc_lang::Diagnostic>> {
    let plain = Pipeline::default();
    let settings = input.pipeline.unwrap_or(&plain);
    let mut refusals = check::check(input);
    // Places of the pipeline document; where there is none, there is nothing to refuse.
    refusals.extend(settings::check(settings, input.streaming, input.bootstrap));
    if !refusals.is_empty() {
        return Err(refusals);
    }
    let documents: Vec<(String, &str)> =
        input.files.iter().map(|(name, text)| (format!("documents/{name}"), text.as_str())).collect();
    let zip = format!("functions/transform-{}.zip", content_name(input.bootstrap, &documents));
    let stack = pipeline::stack(input, settings, target, &zip);
    let template = write::template(&stack, target);

    let text = |path: &str, content: String| File { path: path.to_owned(), content: content.into_bytes() };
    let mut files = vec![
        text("Makefile", guide::makefile(input, settings, target, &zip)),
        text("README.md", guide::readme(input, settings, &stack, target, &zip)),
        text("template.yaml", write::yaml::to_yaml(&template)),
    ];
    if target == Target::Sam {
        files.push(text("samconfig.toml", guide::samconfig(input, settings)));
    }
    let proof = input.proof.into_iter().flat_map(|proof| &proof.files);
    files.extend(proof.map(|(name, content)| text(&format!("proof/{name}"), content.clone())));
    let commands = guide::commands(input, settings, target, &zip);
    files.push(File { path: zip, content: function_zip(input.bootstrap, &documents) });
    files.extend(documents.into_iter().map(|(path, content)| text(&path, content.to_owned())));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Bundle { files, commands })
}

/// The bundle as one deterministic zip (1980 dates, sorted names, mode 0755 for executables).
pub fn zip(bundle: &Bundle) -> Vec<u8> {
    let executable = |file: &File| file.content.starts_with(b"\x7fELF") || file.content.starts_with(b"#!");
    let entries = bundle.files.iter().map(|file| Entry {
        path: &file.path,
        content: &file.content,
        executable: executable(file),
    });
    archive::archive(entries.collect())
}

fn function_zip(bootstrap: &[u8], documents: &[(String, &str)]) -> Vec<u8> {
    let mut entries = vec![Entry { path: "bootstrap", content: bootstrap, executable: true }];
    entries.extend(documents.iter().map(|(path, text)| Entry { path, content: text.as_bytes(), executable: false }));
    archive::archive(entries)
}

/// Sixteen hexadecimal digits of the SHA-256 of what is in the function's zip: of its content, so that a
/// newer compressor does not rename it.
fn content_name(bootstrap: &[u8], documents: &[(String, &str)]) -> String {
    let mut hash = Sha256::new();
    let files = documents.iter().map(|(path, text)| (path.as_str(), text.as_bytes()));
    for (path, content) in [("bootstrap", bootstrap)].into_iter().chain(files) {
        for part in [path.as_bytes(), content] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
