//! Where secrets come from: the environment, or the system's keychain. Nothing else is asked, and nothing is kept.
//!
//! For a store called `warehouse` the variable `DTC_WAREHOUSE_PASSWORD` comes first, then the variable that the
//! service's own tools read, then the keychain's entry of the service `dtc-studio` and the account `warehouse`:
//! `secret-tool store --label=DTC service dtc-studio account warehouse` (libsecret), or
//! `security add-generic-password -s dtc-studio -a warehouse -w` (macOS).

use std::process::{Command, Stdio};

/// The secrets of one store.
#[derive(Debug, Clone)]
pub struct Secrets {
    store: String,
}

impl Secrets {
    /// `store`: its name in the document.
    pub fn of(store: &str) -> Secrets {
        Secrets { store: store.to_owned() }
    }

    /// `DTC_STORE_WHAT`.
    pub fn variable(&self, what: &str) -> String {
        format!("DTC_{}_{what}", self.store.to_uppercase())
    }

    /// What the store's own variable or the service's says; an empty one says nothing.
    pub(crate) fn setting(&self, what: &str, usual: &str) -> Option<String> {
        let said = |name: &str| std::env::var(name).ok().filter(|text| !text.is_empty());
        said(&self.variable(what)).or_else(|| said(usual))
    }

    /// The same, or what the keychain holds.
    pub(crate) fn secret(&self, what: &str, usual: &str) -> Option<String> {
        self.setting(what, usual).or_else(|| self.keychain())
    }

    pub(crate) fn keychain(&self) -> Option<String> {
        let mut ask = match std::env::consts::OS {
            "macos" => {
                let mut ask = Command::new("security");
                ask.args(["find-generic-password", "-s", "dtc-studio", "-a", &self.store, "-w"]);
                ask
            }
            _ => {
                let mut ask = Command::new("secret-tool");
                ask.args(["lookup", "service", "dtc-studio", "account", &self.store]);
                ask
            }
        };
        // Without the program, or with a keychain that stays locked, there is no secret there.
        let said = ask.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        let text = String::from_utf8(said.stdout).ok().filter(|_| said.status.success())?;
        let text = text.trim_end_matches(['\n', '\r']);
        (!text.is_empty()).then(|| text.to_owned())
    }
}
