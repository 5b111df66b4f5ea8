//! The list of what the machine must have: how to see whether it is there, and which packages
//! bring it. Refuses to install; that is `apt`'s part.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::Purpose;
use crate::process::{self, which};
use crate::project::Project;
use crate::wasm::{self, Toolchain};

pub struct Need {
    pub name: &'static str,
    pub why: &'static str,
    pub purpose: Purpose,
    pub is_there: fn(&Project) -> bool,
    /// Each a package, or names of which the first that exists is taken.
    pub packages: &'static [&'static [&'static str]],
    /// A way without the package manager, for who may not use it.
    pub otherwise: Option<fn(&Project) -> Result<()>>,
}

pub const ALL: [Need; 15] = [
    Need {
        name: "a C compiler and make",
        why: "link the programs, build Kafka's client",
        purpose: Purpose::Web,
        is_there: |_| which("cc").is_some() && which("make").is_some(),
        packages: &[&["build-essential"]],
        otherwise: None,
    },
    Need {
        name: "OpenSSL to build with",
        why: "lets Kafka's client speak TLS",
        purpose: Purpose::Web,
        is_there: |_| {
            Command::new("pkg-config").args(["--exists", "openssl"]).status().is_ok_and(|status| status.success())
        },
        packages: &[&["pkg-config"], &["libssl-dev"]],
        otherwise: None,
    },
    Need {
        name: "node and npm",
        why: "bundle the page's scripts",
        purpose: Purpose::Web,
        is_there: |_| which("node").is_some() && which("npm").is_some(),
        packages: &[&["nodejs"], &["npm"]],
        otherwise: None,
    },
    Need {
        name: "a compiler for wasm32-unknown-unknown",
        why: "compiles the page",
        purpose: Purpose::Web,
        is_there: |project| Toolchain::find(project).is_ok(),
        packages: &[&["rustc-web"], &["cargo-web"], &["rust-web-src"], &["lld-22", "lld-21", "lld-20", "lld-19"]],
        otherwise: Some(wasm::add_target),
    },
    Need {
        name: "WebKitGTK 4.1",
        why: "is the desktop window's browser",
        purpose: Purpose::Desktop,
        is_there: |_| package("webkit2gtk-4.1") && package("gtk+-3.0"),
        packages: &[&["libwebkit2gtk-4.1-dev"], &["libgtk-3-dev"], &["pkg-config"]],
        otherwise: None,
    },
    Need {
        name: "rustfmt and clippy",
        why: "check the sources",
        purpose: Purpose::Test,
        is_there: |project| {
            ["fmt", "clippy"].iter().all(|tool| process::output(project.cargo().args([tool, "--version"])).is_ok())
        },
        packages: &[],
        otherwise: Some(|_| process::run(Command::new("rustup").args(["component", "add", "rustfmt", "clippy"]))),
    },
    Need {
        name: "Chromium",
        why: "runs the browser tests",
        purpose: Purpose::Test,
        is_there: |_| ["chromium", "chromium-browser", "google-chrome"].iter().any(|name| which(name).is_some()),
        packages: &[&["chromium", "chromium-browser"]],
        otherwise: None,
    },
    Need {
        name: "chromedriver",
        why: "steers Chromium",
        purpose: Purpose::Test,
        is_there: |_| which("chromedriver").is_some(),
        packages: &[&["chromium-driver", "chromium-chromedriver"]],
        otherwise: None,
    },
    Need {
        name: "Neovim",
        why: "speaks to the language server as its users do",
        purpose: Purpose::Test,
        is_there: |_| which("nvim").is_some(),
        packages: &[&["neovim"]],
        otherwise: None,
    },
    Need {
        name: "Xvfb",
        why: "is the display of the desktop test",
        purpose: Purpose::Test,
        is_there: |_| which("xvfb-run").is_some() && which("xauth").is_some(),
        packages: &[&["xvfb"], &["xauth"]],
        otherwise: None,
    },
    Need {
        name: "WebKitWebDriver",
        why: "steers the desktop window",
        purpose: Purpose::Test,
        is_there: |_| which("WebKitWebDriver").is_some(),
        packages: &[&["webkit2gtk-driver"]],
        otherwise: None,
    },
    Need {
        name: "dbus-run-session",
        why: "gives the desktop test a session of its own",
        purpose: Purpose::Test,
        is_there: |_| which("dbus-run-session").is_some(),
        packages: &[&["dbus", "dbus-daemon"]],
        otherwise: None,
    },
    Need {
        name: "PostgreSQL",
        why: "is a warehouse that scores are written to",
        purpose: Purpose::Test,
        is_there: |_| postgres_is_there(),
        packages: &[&["postgresql"]],
        otherwise: None,
    },
    Need {
        name: "libfaketime",
        why: "sets the join service's clock forward and back",
        purpose: Purpose::Test,
        is_there: |_| {
            let folders = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
            folders.map(|folder| folder.path().join("faketime/libfaketimeMT.so.1")).any(|library| library.exists())
        },
        packages: &[&["libfaketime"]],
        otherwise: None,
    },
    Need {
        name: "Python with venv",
        why: "runs cfn-lint and SAM's translator over exported bundles",
        purpose: Purpose::Test,
        is_there: |_| {
            let mut python = Command::new("python3");
            which("python3").is_some() && process::output(python.args(["-c", "import venv, ensurepip"])).is_ok()
        },
        packages: &[&["python3"], &["python3-venv"]],
        otherwise: None,
    },
];

/// Debian keeps the server's programs off the PATH.
fn postgres_is_there() -> bool {
    let folders = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions = folders.map(|folder| folder.path().join("bin"));
    versions.any(|folder| ["initdb", "postgres", "psql"].iter().all(|name| folder.join(name).exists()))
}

/// Whether pkg-config knows this library.
fn package(name: &str) -> bool {
    Path::new("/usr/bin/pkg-config").exists()
        && process::output(Command::new("pkg-config").args(["--exists", name])).is_ok()
}
