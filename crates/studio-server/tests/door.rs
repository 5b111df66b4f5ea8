//! Host, Origin, token and the headers of every answer.

use studio_server::CONTENT_SECURITY_POLICY;

use crate::http::Host;

#[test]
fn the_printed_address_opens_the_page_once_the_cookie_is_set() {
    let host = Host::start();
    let url = host.server.as_ref().unwrap().url_with_token.clone();
    assert_eq!(url, format!("http://127.0.0.1:{}/?token={}", host.port, host.token));
    let reply = host.send(&format!("GET /?token={}", host.token), &[], b"");
    assert_eq!((reply.status, reply.header("location")), (303, Some("/")));
    let cookie = reply.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let pair = cookie.split(';').next().unwrap();
    assert_eq!(host.send("GET /", &[&format!("Cookie: other=1; {pair}")], b"").status, 200);
    assert_eq!(host.send("GET /", &[&format!("Cookie: {}x", &pair[..pair.len() - 1])], b"").status, 401);
}

#[test]
fn without_the_token_nothing_is_told() {
    let host = Host::start();
    let page = host.send("GET /", &[], b"");
    assert_eq!(page.status, 401);
    assert!(page.text().contains("Open the address that the studio printed"));
    for line in [
        "GET /assets/app.wasm",
        "POST /api/rpc/GetCapabilities",
        "GET /api/feed/WatchProject?body={}",
        "GET /?token=wrong",
        "GET /?token=",
    ] {
        assert_eq!(host.send(line, &[], b"{}").status, 401, "{line}");
    }
    let wrong = "Authorization: Bearer 00000000000000000000000000000000";
    assert_eq!(host.send("POST /api/rpc/GetCapabilities", &[wrong], b"{}").status, 401);
}

#[test]
fn other_names_of_this_machine_are_refused() {
    let host = Host::start();
    let port = host.port;
    let bearer = host.bearer();
    for name in
        ["evil.example", &format!("evil.example:{port}"), "127.0.0.1", "127.0.0.1:1", &format!("[::1]:{port}"), ""]
    {
        let reply = host.send("POST /api/rpc/GetCapabilities", &[&format!("Host: {name}"), &bearer], b"{}");
        assert_eq!(reply.status, 403, "{name}");
    }
    let reply = host.send("POST /api/rpc/GetCapabilities", &[&format!("Host: localhost:{port}"), &bearer], b"{}");
    assert_eq!(reply.status, 200);
}

#[test]
fn other_sites_are_refused() {
    let host = Host::start();
    let bearer = host.bearer();
    let own = format!("http://127.0.0.1:{}", host.port);
    for origin in [
        "http://evil.example",
        "null",
        "http://127.0.0.1:1",
        &format!("{own}.evil.example"),
        &own.replace("http", "https"),
    ] {
        let reply = host.send("POST /api/rpc/GetCapabilities", &[&format!("Origin: {origin}"), &bearer], b"{}");
        assert_eq!(reply.status, 403, "{origin}");
        assert_eq!(reply.header("access-control-allow-origin"), None);
    }
    let reply = host.send("POST /api/rpc/GetCapabilities", &[&format!("Origin: {own}"), &bearer], b"{}");
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("access-control-allow-origin"), None);
}

#[test]
fn every_answer_carries_the_policy() {
    let host = Host::start();
    let refused = host.send("GET /", &["Host: evil.example"], b"");
    for reply in [host.get("/"), host.get("/none.js"), host.send("GET /", &[], b""), refused] {
        assert_eq!(reply.header("content-security-policy"), Some(CONTENT_SECURITY_POLICY));
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(reply.header("referrer-policy"), Some("no-referrer"));
    }
}
