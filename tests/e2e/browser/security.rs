//! The HTTP host answers nobody but the page it opened.

use anyhow::{Result, ensure};
use e2e::host::Host;

pub async fn strangers_are_refused() -> Result<()> {
    let host = Host::start()?;
    let own = host.authority().to_owned();
    let token = host.address.split("token=").nth(1).unwrap_or_default().to_owned();
    ensure!(token.len() >= 20, "the address carries a token");
    let body = "{}";
    let call = |host: &str, more: &str| {
        format!(
            "POST /api/rpc/GetCapabilities HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n{more}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
    };
    let bearer = format!("Authorization: Bearer {token}\r\n");
    let status = |text: String| host.request(&text).map(|answer| answer.0);

    ensure!(status(call(&own, &bearer))? == 200, "the token opens");
    ensure!(status(call(&own, ""))? == 401, "no token, no answer");
    ensure!(
        status(call(&own, "Authorization: Bearer 0000000000000000000000000000\r\n"))? == 401,
        "a wrong token is refused"
    );
    ensure!(status(call("evil.example", &bearer))? >= 400, "a foreign Host is refused");
    ensure!(
        status(call(&own, &format!("{bearer}Origin: http://evil.example\r\n")))? >= 400,
        "a foreign Origin is refused"
    );

    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: {own}\r\n{bearer}Connection: close\r\n\r\n");
    let (found, page) = host.request(&get("/"))?;
    ensure!(found == 200, "the page is served to who has the token: {found}");
    let policy =
        page.lines().find(|line| line.to_ascii_lowercase().starts_with("content-security-policy:")).unwrap_or_default();
    ensure!(policy.contains("default-src 'self'") && !policy.contains("'unsafe-eval'"), "one strict CSP: {policy}");
    for path in ["/../Cargo.toml", "/..%2f..%2fCargo.toml", "/%2e%2e/package.json", "/.stamp/../../package.json"] {
        let (status, answer) = host.request(&get(path))?;
        ensure!(status >= 400 || !answer.contains("[workspace]"), "{path} leaves the page's folder");
        ensure!(!answer.contains("dtc-studio-page"), "{path} leaves the page's folder");
    }
    Ok(())
}
