//! The page's files and nothing else.

use crate::http::Host;

#[test]
fn files_have_their_type_and_are_packed_for_those_who_take_it() {
    let host = Host::start();
    let plain = host.get("/assets/app.wasm");
    assert_eq!(plain.header("content-type"), Some("application/wasm"));
    assert_eq!((plain.header("content-encoding"), plain.text().as_str()), (None, "\0asm plain"));
    let packed = host.send("GET /assets/app.wasm", &[&host.bearer(), "Accept-Encoding: br, gzip;q=0.8"], b"");
    assert_eq!((packed.header("content-encoding"), packed.text().as_str()), (Some("gzip"), "packed"));
    assert_eq!(packed.header("content-type"), Some("application/wasm"));
    assert_eq!(packed.header("vary"), Some("accept-encoding"));
    let refused = host.send("GET /assets/app.wasm", &[&host.bearer(), "Accept-Encoding: gzip;q=0"], b"");
    assert_eq!(refused.header("content-encoding"), None);
}

#[test]
fn an_unchanged_file_is_not_sent_again() {
    let host = Host::start();
    let first = host.get("/index.html");
    let tag = format!("If-None-Match: {}", first.header("etag").unwrap());
    let again = host.send("GET /index.html", &[&host.bearer(), &tag], b"");
    assert_eq!((again.status, again.body.len()), (304, 0));
    std::fs::write(host.folder.path().join("ui/index.html"), "<!doctype html>new").unwrap();
    assert_eq!(host.send("GET /index.html", &[&host.bearer(), &tag], b"").status, 200);
}

#[test]
fn addresses_inside_the_page_are_the_page() {
    let host = Host::start();
    for path in ["/", "/author", "/project/p1/export?x=1"] {
        let reply = host.get(path);
        assert_eq!(reply.status, 200, "{path}");
        assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
    }
    for path in ["/none.js", "/api/none", "/api/rpc/", "/assets/none.wasm"] {
        assert_eq!(host.get(path).status, 404, "{path}");
    }
    assert_eq!(host.send("DELETE /index.html", &[&host.bearer()], b"").status, 405);
}

#[test]
fn no_path_leaves_the_folder() {
    let host = Host::start();
    let paths = [
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/assets/../../secret.txt",
        "/assets/%2e%2e/%2e%2e/secret.txt",
        "/..%5csecret.txt",
        "//etc/passwd.txt",
        "/%00.txt",
        "/link.txt",
        "/.hidden.txt",
        "/%zz.txt",
        "/%ff.txt",
    ];
    for path in paths {
        let reply = host.get(path);
        assert_eq!(reply.status, 404, "{path}: {}", reply.text());
        assert!(!reply.text().contains("secret\n") && !reply.text().starts_with("secret"), "{path}");
    }
}
