//! A PostgreSQL server of Debian's, with its own data, on loopback. One for all tests, a database for each.

use std::io::Write;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

pub const USER: &str = "studio";
pub const PASSWORD: &str = "hunter2 'quoted'";

/// Ends with this process, however that ends: its input is closed then.
pub struct Server {
    pub port: u16,
    _shell: Child,
    _folder: tempfile::TempDir,
}

/// Runs the server until its own input is closed, and ends it by its process id.
const WHILE_OPEN: &str =
    r#""$@" >server.log 2>&1 </dev/null & server=$!; cat >/dev/null; kill -INT $server; wait $server"#;

static SHARED: Mutex<Option<Server>> = Mutex::new(None);

pub fn port() -> u16 {
    let mut shared = SHARED.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    shared.get_or_insert_with(|| start(None)).port
}

/// A certificate with its key, in PEM.
pub struct Identity {
    pub certificate: String,
    pub key: String,
}

/// A server of its own that takes nothing but encrypted connections.
pub fn encrypted(identity: &Identity) -> Server {
    start(Some(identity))
}

/// A database that no other test has.
pub fn database() -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let name = format!("marts{}", NUMBER.fetch_add(1, Ordering::Relaxed));
    psql("postgres", &format!("CREATE DATABASE {name}"));
    name
}

/// What the statements print, one row a line.
#[track_caller]
pub fn psql(database: &str, statements: &str) -> String {
    psql_at(port(), database, statements)
}

#[track_caller]
pub fn psql_at(port: u16, database: &str, statements: &str) -> String {
    let mut command = Command::new(bin().join("psql"));
    command.args(["-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-U", USER, "-d", database]);
    command.args(["-p", &port.to_string()]).env("PGPASSWORD", PASSWORD).stdin(Stdio::piped());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(statements.as_bytes()).unwrap();
    let said = child.wait_with_output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8(said.stdout).unwrap()
}

fn bin() -> PathBuf {
    if let Some(named) = std::env::var_os("DTC_POSTGRES_BIN") {
        return named.into();
    }
    let folders = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = folders.map(|folder| folder.path().join("bin")).collect();
    found.sort();
    found.pop().expect("PostgreSQL is not installed; `cargo xtask setup` does it")
}

fn start(identity: Option<&Identity>) -> Server {
    let folder = tempfile::tempdir().unwrap();
    let (data, secret) = (folder.path().join("data"), folder.path().join("secret"));
    std::fs::write(&secret, PASSWORD).unwrap();
    let owner = owner();
    if let Some((user, group)) = owner {
        [folder.path(), &secret].iter().for_each(|path| chown(path, Some(user), Some(group)).unwrap());
    }
    let mut init = as_owner(&bin().join("initdb"), owner, folder.path());
    init.args(["-U", USER, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"]);
    init.arg("-D").arg(&data).arg("--pwfile").arg(&secret);
    let made = init.output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    if let Some(identity) = identity {
        encrypt(&data, identity, owner);
    }
    let mut shell = as_owner(Path::new("sh"), owner, folder.path());
    shell.args(["-c", WHILE_OPEN, "sh"]).arg(bin().join("postgres")).arg("-D").arg(&data);
    for setting in ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", &format!("port={port}")] {
        shell.args(["-c", setting]);
    }
    let shell = shell.stdin(Stdio::piped()).spawn().unwrap();
    let patience = Instant::now() + Duration::from_secs(60);
    let mut ready = Command::new(bin().join("pg_isready"));
    ready.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()]);
    while !ready.status().unwrap().success() {
        let log = std::fs::read_to_string(folder.path().join("server.log")).unwrap_or_default();
        assert!(Instant::now() < patience, "PostgreSQL does not answer: {log}");
        std::thread::sleep(Duration::from_millis(50));
    }
    Server { port, _shell: shell, _folder: folder }
}

/// Certificate and key where the server looks for them; and who comes without encryption is turned away.
fn encrypt(data: &Path, identity: &Identity, owner: Option<(u32, u32)>) {
    for (name, text) in [("server.crt", &identity.certificate), ("server.key", &identity.key)] {
        let path = data.join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        if let Some((user, group)) = owner {
            chown(&path, Some(user), Some(group)).unwrap();
        }
    }
    let append = |name: &str, line: &str| {
        let path = data.join(name);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{text}{line}")).unwrap();
    };
    append("postgresql.conf", "\nssl = on\n");
    std::fs::write(data.join("pg_hba.conf"), "hostssl all all 127.0.0.1/32 scram-sha-256\n").unwrap();
}

/// The server refuses to run as root: then it is Debian's own user.
fn owner() -> Option<(u32, u32)> {
    let id = |arguments: &[&str]| -> Option<u32> {
        let said = Command::new("id").args(arguments).output().ok()?;
        String::from_utf8(said.stdout).ok()?.trim().parse().ok()
    };
    if id(&["-u"]) != Some(0) {
        return None;
    }
    Some((id(&["-u", "postgres"])?, id(&["-g", "postgres"])?))
}

fn as_owner(program: &Path, owner: Option<(u32, u32)>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
    command
}
