//! The one place that chooses how wasm is compiled: with rustup's target where it is
//! installed, else with Debian's rustc and its library sources. Installs nothing
//! by itself.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::process;
use crate::project::Project;

pub const TARGET: &str = "wasm32-unknown-unknown";
/// What the workspace's `rust-version` asks for.
const OLDEST: (u32, u32) = (1, 95);

/// A way to compile for the page.
#[derive(Debug, PartialEq)]
pub enum Toolchain {
    /// The toolchain in use has the target's standard library.
    Installed,
    /// Debian's compiler, which builds the standard library from its source package.
    Debian { linker: PathBuf },
}

impl Toolchain {
    pub fn find(project: &Project) -> Result<Self> {
        if has_target(project) {
            return Ok(Self::Installed);
        }
        let Some(linker) = debian_linker() else {
            bail!(
                "no way to compile for the page: neither the target {TARGET} nor Debian's rustc-web and lld; run `cargo xtask setup`"
            );
        };
        if !debian_is_new_enough() {
            bail!(
                "/usr/bin/rustc is missing, older than {}.{}, or has no sources; run `cargo xtask setup`",
                OLDEST.0,
                OLDEST.1
            );
        }
        Ok(Self::Debian { linker })
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Installed => "the toolchain's own wasm target",
            Self::Debian { .. } => "Debian's rustc",
        }
    }

    fn cargo(&self, project: &Project, package: &str) -> Command {
        let mut cargo = match self {
            Self::Installed => project.cargo(),
            Self::Debian { linker } => debian_cargo(&project.root, linker),
        };
        cargo.args(["build", "--package", package, "--target", TARGET]);
        if matches!(self, Self::Debian { .. }) {
            cargo.args(["-Z", "build-std=std,panic_abort"]);
        }
        cargo
    }
}

/// How the page is compiled; others share what is compiled so.
pub const PROFILE: &str = "ui";
/// How the page is compiled while somebody works on it.
pub const FAST: &str = "ui-fast";

/// Compiles a package and gives the raw wasm file.
pub fn build(project: &Project, package: &str, profile: &str) -> Result<PathBuf> {
    let toolchain = Toolchain::find(project)?;
    println!("  with {}", toolchain.name());
    let target = project.target.join("wasm");
    let mut cargo = toolchain.cargo(project, package);
    cargo.args(["--profile", profile]).env("CARGO_TARGET_DIR", &target);
    process::run(&mut cargo)?;
    Ok(target.join(TARGET).join(profile).join(package.replace('-', "_")).with_extension("wasm"))
}

fn has_target(project: &Project) -> bool {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(rustc);
    command.current_dir(&project.root).args(["--print", "target-libdir", "--target", TARGET]);
    process::output(&mut command).is_ok_and(|folder| Path::new(folder.trim()).is_dir())
}

/// rustup's own way to get the target, for who may not install packages.
pub fn add_target(project: &Project) -> Result<()> {
    let Some(rustup) = process::which("rustup") else {
        return Ok(());
    };
    println!("  rustup target add {TARGET}");
    process::run(Command::new(rustup).current_dir(&project.root).args(["target", "add", TARGET]))
}

/// `wasm-ld`, or the newest of Debian's numbered ones.
fn debian_linker() -> Option<PathBuf> {
    let plain = Path::new("/usr/bin/wasm-ld");
    if plain.exists() {
        return Some(plain.to_owned());
    }
    (19..=40).rev().map(|version| PathBuf::from(format!("/usr/bin/wasm-ld-{version}"))).find(|linker| linker.exists())
}

fn debian_is_new_enough() -> bool {
    let mut command = Command::new("/usr/bin/rustc");
    clean(&mut command);
    command.arg("--version");
    let new_enough =
        process::output(&mut command).is_ok_and(|text| version(&text).is_some_and(|found| found >= OLDEST));
    let mut command = Command::new("/usr/bin/rustc");
    clean(&mut command);
    command.args(["--print", "sysroot"]);
    new_enough
        && process::output(&mut command)
            .is_ok_and(|root| Path::new(root.trim()).join("lib/rustlib/src/rust/library/std/Cargo.toml").is_file())
}

fn version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split_whitespace().nth(1)?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn debian_cargo(root: &Path, linker: &Path) -> Command {
    let mut cargo = Command::new("/usr/bin/cargo");
    clean(&mut cargo);
    cargo.current_dir(root);
    cargo.env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
    cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
    cargo
}

/// Takes rustup and the outer cargo out of the environment: /usr/bin/cargo would otherwise start
/// rustup's rustc by RUSTC, by PATH, or load its libraries.
fn clean(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let Some(text) = name.to_str() else { continue };
        let kept = ["CARGO_HOME", "CARGO_TERM_COLOR", "CARGO_BUILD_JOBS"].contains(&text)
            || ["CARGO_HTTP_", "CARGO_NET_", "CARGO_REGISTR"].iter().any(|prefix| text.starts_with(prefix));
        let foreign =
            ["RUSTUP", "RUSTC", "RUSTFLAGS", "RUSTDOC", "CARGO"].iter().any(|prefix| text.starts_with(prefix));
        if (foreign && !kept) || text == "LD_LIBRARY_PATH" {
            command.env_remove(&name);
        }
    }
    command.env("PATH", system_path());
}

/// PATH with the system's programs first.
fn system_path() -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let rest = std::env::split_paths(&path)
        .filter(|folder| !folder.join("rustup").exists() && !folder.ends_with(".cargo/bin"));
    std::env::join_paths(["/usr/bin".into(), "/bin".into()].into_iter().chain(rest))
        .unwrap_or_else(|_| "/usr/bin:/bin".into())
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn reads_a_compilers_version() {
        assert_eq!(version("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)"), Some((1, 96)));
        assert_eq!(version("nonsense"), None);
    }
}
