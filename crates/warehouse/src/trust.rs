//! Whose certificates are taken: the system's, and those of the file that `PGSSLROOTCERT` names.

use std::sync::Arc;

use dtc_io::IoError;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use crate::refusal::refused;

/// How to encrypt; `shown` is the place in errors.
pub(crate) fn tls(shown: &str) -> Result<ClientConfig, IoError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(path) = std::env::var_os("PGSSLROOTCERT") {
        let own = CertificateDer::pem_file_iter(&path).and_then(|found| found.collect::<Result<Vec<_>, _>>());
        let own = own.map_err(|error| {
            let what = format!("PGSSLROOTCERT cannot be read ({error})");
            refused(shown, what, "name a file of certificates in PEM")
        })?;
        roots.add_parsable_certificates(own);
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let versions = versions.map_err(|error| refused(shown, error.to_string(), "report this as a fault"))?;
    Ok(versions.with_root_certificates(roots).with_no_client_auth())
}
