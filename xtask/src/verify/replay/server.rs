//! moto's server on a port of its own, ended with this process however that ends.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::super::tools;
use super::http::{self, Request};
use crate::project::Project;

pub struct Server {
    child: Child,
    pub port: u16,
}

/// Runs the server until its own input is closed.
const WHILE_OPEN: &str = r#""$0" -c "$1" -H 127.0.0.1 -p "$2" >"$3" 2>&1 & server=$!; cat >/dev/null; kill $server"#;
/// One request after the other: moto's transactions put back tables as they were, with what others wrote meanwhile.
const ONE_BY_ONE: &str = "import moto.server as m; run = m.run_simple; m.run_simple = lambda *a, **k: run(*a, **{**k, 'threaded': False}); m.main()";

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

impl Server {
    pub fn start(project: &Project, scratch: &Path) -> Result<Server> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        // The program tells that moto is there; Python runs it.
        tools::python(project, "moto_server")?;
        let python = tools::python(project, "python3")?;
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", WHILE_OPEN]).arg(python.get_program()).arg(ONE_BY_ONE).arg(port.to_string());
        shell.arg(scratch.join("moto.log"));
        let child = shell.stdin(Stdio::piped()).spawn().context("cannot start sh")?;
        let server = Server { child, port };
        let patience = Instant::now() + Duration::from_secs(90);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if Instant::now() > patience {
                bail!("moto's server does not answer; {}", scratch.join("moto.log").display());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(server)
    }

    /// By name, so that the function looks it up as it will look up AWS.
    pub fn endpoint(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Nothing is left, and names that are made by chance come as they came before.
    pub fn empty(&self) -> Result<()> {
        for path in ["/moto-api/reset", "/moto-api/seed?a=7"] {
            http::send(self.port, &Request { method: "POST", path, service: "moto", headers: "", body: b"" })?;
        }
        Ok(())
    }

    pub fn call(&self, service: &str, target: &str, body: &Value) -> Result<Value> {
        http::call(self.port, service, target, body)
    }

    /// Of an object in S3, or another service with paths.
    pub fn get(&self, service: &str, path: &str) -> Result<Vec<u8>> {
        http::send(self.port, &Request { method: "GET", path, service, headers: "", body: b"" })
    }

    pub fn put(&self, path: &str, body: &[u8]) -> Result<()> {
        http::send(self.port, &Request { method: "PUT", path, service: "s3", headers: "", body }).map(drop)
    }
}
