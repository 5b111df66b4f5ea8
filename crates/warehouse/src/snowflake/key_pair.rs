//! A key pair's token: a JSON Web Token, signed with the user's private key, that lives for an hour.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use serde_json::json;

/// Seconds that Snowflake takes a token for, at most.
const LIFE: i64 = 3_540;

pub(super) struct Key {
    pair: RsaKeyPair,
    /// `ACCOUNT.USER`
    subject: String,
}

impl Key {
    /// Reads a private key in PEM. Errors: what is wrong with it, and its cure.
    pub(super) fn read(pem: &str, account: &str, user: &str) -> Result<Key, (String, String)> {
        if pem.contains("BEGIN ENCRYPTED PRIVATE KEY") {
            let cure =
                "take the passphrase off with `openssl pkcs8 -in KEY -out PLAIN`, and keep the key in the keychain";
            return Err(("the private key is encrypted".to_owned(), cure.to_owned()));
        }
        let cure = "give a key of RSA in PEM, as `openssl genrsa 2048 | openssl pkcs8 -topk8 -nocrypt` makes it";
        let bad = |what: String| (what, cure.to_owned());
        let read = PrivateKeyDer::from_pem_slice(pem.as_bytes());
        let pair = match read.map_err(|error| bad(format!("the private key cannot be read ({error})")))? {
            PrivateKeyDer::Pkcs8(key) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()),
            _ => return Err(bad("the private key is none of RSA".to_owned())),
        };
        let pair = pair.map_err(|error| bad(format!("the private key is not taken ({error})")))?;
        // A region behind the account's name is no part of it.
        let account = account.split('.').next().unwrap_or(account);
        Ok(Key { pair, subject: format!("{account}.{user}").to_uppercase() })
    }

    /// `now`: seconds since 1970.
    pub(super) fn token(&self, now: i64) -> Option<String> {
        let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let claims = json!({
            "iss": format!("{}.{}", self.subject, self.fingerprint()),
            "sub": self.subject,
            "iat": now,
            "exp": now + LIFE,
        });
        let signed = format!("{}.{}", part(json!({"alg": "RS256", "typ": "JWT"})), part(claims));
        let mut signature = vec![0; self.pair.public().modulus_len()];
        self.pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature).ok()?;
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// `SHA256:` and the hash of the public key as a SubjectPublicKeyInfo, as `DESC USER` shows it.
    fn fingerprint(&self) -> String {
        // rsaEncryption (1.2.840.113549.1.1.1) and NULL
        const ALGORITHM: [u8; 15] = [0x30, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 13, 1, 1, 1, 5, 0];
        let key = self.pair.public_key().as_ref();
        let mut bits = vec![0];
        bits.extend_from_slice(key);
        let mut inner = ALGORITHM.to_vec();
        inner.extend(der(3, &bits));
        format!("SHA256:{}", STANDARD.encode(digest(&SHA256, &der(0x30, &inner))))
    }
}

/// Tag, length and content.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let length: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let mut out = vec![tag];
    if content.len() < 128 {
        out.push(content.len() as u8);
    } else {
        out.push(0x80 | length.len() as u8);
        out.extend(length);
    }
    out.extend_from_slice(content);
    out
}
