//! `cargo xtask bench join`: durable intake of the join service against FastAPI with a commit to SQLite a request, in turns on
//! loopback and with the same load; emission delay at half of the peak; memory of open decisions.

use std::collections::BTreeMap;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::{machine, page};
use crate::args::Args;
use crate::process;
use crate::project::Project;
use crate::setup;
use crate::timing::step;

/// From PyPI; uvloop and httptools make uvicorn as fast as it can be.
const PEERS: [&str; 4] = ["fastapi==0.165.0", "uvicorn==0.54.0", "uvloop", "httptools"];
const WANTED_RATIO: f64 = 20.0;
/// Milliseconds past a window's end.
const WANTED_DELAY: f64 = 20.0;
/// Bytes of an open decision beside its payload.
const WANTED_BYTES: f64 = 400.0;
/// Open decisions that this machine must hold.
const WANTED_OPEN: u64 = 10_000_000;
/// Milliseconds; decisions stay open while memory is looked at.
const LONG: &str = "86400000";

type Said = BTreeMap<String, f64>;

pub fn command(mut args: Args) -> Result<()> {
    let runs: usize = args.option("--runs")?.map_or(Ok(5), |runs| runs.parse())?;
    let seconds: f64 = args.option("--seconds")?.map_or(Ok(10.0), |seconds| seconds.parse())?;
    let connections: u64 = args.option("--connections")?.map_or(Ok(128), |count| count.parse())?;
    let open: u64 = args.option("--open")?.map_or(Ok(WANTED_OPEN), |count| count.parse())?;
    let dry = args.flag("--dry");
    args.done()?;
    let project = Project::find()?;
    let bench = Bench { project: &project, seconds, connections };
    step("build", || bench.build())?;
    step("peer", || setup::environment(&bench.environment(), &PEERS))?;
    let (ours, peer) = step("intake, in turns", || bench.intake(runs))?;
    let emission = step("emission delay at half of the peak", || bench.emission(median(&ours, "rate") / 2.0))?;
    let memory = step("memory of open decisions", || bench.memory(open))?;
    let text = section(&bench, runs, &[("ours", &ours), ("FastAPI, SQLite", &peer)], &emission, &memory);
    println!("{text}");
    // A few requests try the benchmark out and say nothing about anybody.
    if dry { Ok(()) } else { page::write(&project, "Join service", &text) }
}

struct Bench<'p> {
    project: &'p Project,
    seconds: f64,
    connections: u64,
}

/// A service that is ended when it is dropped.
struct Running {
    child: Child,
    address: String,
    data: PathBuf,
}

impl Drop for Running {
    fn drop(&mut self) {
        // Whoever has ended already needs no end.
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.data);
    }
}

impl Running {
    fn start(mut command: Command, address: String, data: PathBuf) -> Result<Running> {
        let child =
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().context("a service cannot be started")?;
        let running = Running { child, address, data };
        running.wait(Duration::from_secs(60))?;
        Ok(running)
    }

    /// Until it answers: it listens before it has read its log.
    fn wait(&self, patience: Duration) -> Result<()> {
        let end = Instant::now() + patience;
        while !get(&self.address, "/").is_ok_and(|answer| !answer.is_empty()) {
            if Instant::now() > end {
                bail!("the service on {} does not answer", self.address);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Killed and started again over what it had; seconds until it answers.
    fn again(&mut self, mut command: Command) -> Result<f64> {
        self.child.kill()?;
        self.child.wait()?;
        let started = Instant::now();
        self.child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        self.wait(Duration::from_secs(600))?;
        Ok(started.elapsed().as_secs_f64())
    }

    /// Resident bytes.
    fn memory(&self) -> Result<f64> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kilobytes * 1024.0)
    }
}

impl Bench<'_> {
    fn build(&self) -> Result<()> {
        let mut build = self.project.cargo();
        // What sinks need is not measured.
        build.args(["build", "--quiet", "--release", "--package", "join-service", "--no-default-features"]);
        process::run(build.args(["--bin", "join-service"]))?;
        let mut load = self.project.cargo();
        load.args(["build", "--quiet", "--release", "--manifest-path"])
            .arg(self.project.root.join("benches/load/Cargo.toml"));
        process::run(&mut load)
    }

    fn environment(&self) -> PathBuf {
        self.project.target.join("bench-join-python")
    }

    /// A free address, and an empty folder on the disk that the target folder is on.
    fn place(&self, name: &str) -> Result<(String, PathBuf)> {
        let data = self.project.target.join("bench").join(name);
        // It may not be there.
        let _ = fs::remove_dir_all(&data);
        fs::create_dir_all(&data)?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        Ok((address, data))
    }

    fn ours(&self, window: &str) -> Result<Running> {
        let (address, data) = self.place("join-ours")?;
        Running::start(self.our_command(window, &address, &data), address, data)
    }

    fn our_command(&self, window: &str, address: &str, data: &Path) -> Command {
        let mut command = Command::new(self.project.target.join("release/join-service"));
        command.args(["--listen", address, "--window", window, "--data"]).arg(data);
        command
    }

    fn peer(&self) -> Result<Running> {
        let (address, data) = self.place("join-peer")?;
        let port = address.rsplit_once(':').map_or("", |(_, port)| port).to_owned();
        let mut command = Command::new(self.environment().join("bin/python"));
        command
            .arg(self.project.root.join("benches/peers/join_in_fastapi.py"))
            .arg(port)
            .arg(data.join("decisions.db"));
        Running::start(command, address, data)
    }

    fn load(&self, words: &[String]) -> Result<Said> {
        let mut load = Command::new(self.project.target.join("release/bench-load"));
        let said = process::output(load.args(words))?;
        let pair =
            |line: &str| line.split_once(' ').and_then(|(name, value)| Some((name.to_owned(), value.parse().ok()?)));
        Ok(said.lines().filter_map(pair).collect())
    }

    fn measure(&self, service: &Running, rate: f64) -> Result<Said> {
        let words = [service.address.clone(), self.connections.to_string(), self.seconds.to_string(), rate.to_string()];
        let said = self.load(&words)?;
        match said.get("refused") {
            Some(0.0) => Ok(said),
            refused => bail!("requests were refused: {refused:?}"),
        }
    }

    fn intake(&self, runs: usize) -> Result<(Vec<Said>, Vec<Said>)> {
        let (mut ours, mut peer) = (Vec::new(), Vec::new());
        for run in 1..=runs {
            let said = self.measure(&self.ours("10000")?, 0.0)?;
            let theirs = self.measure(&self.peer()?, 0.0)?;
            eprintln!("  run {run} of {runs}: ours {:.0} a second, FastAPI {:.0}", said["rate"], theirs["rate"]);
            ours.push(said);
            peer.push(theirs);
        }
        Ok((ours, peer))
    }

    /// With a window of a second, so that as many records leave as decisions come.
    fn emission(&self, rate: f64) -> Result<Said> {
        let service = self.ours("1000")?;
        let mut said = self.measure(&service, rate)?;
        std::thread::sleep(Duration::from_millis(1_500));
        let text = get(&service.address, "/metrics")?;
        for share in [0.5, 0.99] {
            let delay = quantile(&text, "join_emission_delay_seconds", share).context("no record left")?;
            said.insert(format!("delay {share}"), delay * 1e3);
        }
        Ok(said)
    }

    fn memory(&self, open: u64) -> Result<Said> {
        let mut service = self.ours(LONG)?;
        let before = service.memory()?;
        let mut said = self.load(&[service.address.clone(), "fill".to_owned(), open.to_string()])?;
        let after = service.memory()?;
        said.insert("open".to_owned(), open as f64);
        said.insert("resident".to_owned(), after);
        said.insert("each".to_owned(), (after - before) / open as f64);
        let command = self.our_command(LONG, &service.address, &service.data);
        said.insert("again".to_owned(), service.again(command)?);
        let still = get(&service.address, "/counters")?;
        if !still.contains(&format!("\"open\":{open},")) {
            bail!("after `kill -9` not all of {open} decisions are open: {still}");
        }
        Ok(said)
    }
}

fn get(address: &str, path: &str) -> Result<String> {
    use std::io::{Read, Write};
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: join\r\nConnection: close\r\n\r\n")?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    Ok(text)
}

/// Upper end, in seconds, of the bucket in which this share of a histogram is reached; Prometheus' text.
fn quantile(text: &str, name: &str, share: f64) -> Option<f64> {
    let start = format!("{name}_bucket{{le=\"");
    let buckets: Vec<(f64, f64)> = text
        .lines()
        .filter_map(|line| {
            let (end, count) = line.strip_prefix(&start)?.split_once("\"} ")?;
            Some((if end == "+Inf" { f64::INFINITY } else { end.parse().ok()? }, count.parse().ok()?))
        })
        .collect();
    let all = buckets.last()?.1;
    let reached = buckets.iter().find(|(_, count)| *count >= share * all)?;
    (all > 0.0).then_some(reached.0)
}

fn median(runs: &[Said], name: &str) -> f64 {
    let mut values: Vec<f64> = runs.iter().filter_map(|said| said.get(name).copied()).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn section(bench: &Bench, runs: usize, sides: &[(&str, &[Said]); 2], emission: &Said, memory: &Said) -> String {
    let at = |said: &Said, name: &str| said.get(name).copied().unwrap_or(f64::NAN);
    let ratio = median(sides[0].1, "rate") / median(sides[1].1, "rate");
    let (delay, beside) = (at(emission, "delay 0.99"), at(memory, "each") - at(memory, "payload"));
    let met = |met: bool| if met { "met" } else { "**not met**" };
    let mut text = format!(
        "`cargo xtask bench join` writes this section: one decision a request over {} kept connections on loopback, {} s a run, \
         medians of {runs} runs in turns. Both answer when the decision is on disk: ours syncs the log, FastAPI (uvicorn, \
         uvloop, httptools) commits to SQLite with `synchronous=FULL`.\n\n\
         | to reach | measured | |\n|---|---|---|\n\
         | durable intake {WANTED_RATIO} × FastAPI's with SQLite | {ratio:.1} × | {} |\n\
         | p99 of emission at most {WANTED_DELAY} ms past the window's end, at half of the peak ({:.0} a second) | at most {delay} ms | {} |\n\
         | an open decision below {WANTED_BYTES} bytes beside its payload | {beside:.0} bytes | {} |\n\
         | {WANTED_OPEN} open decisions fit on this machine | {:.0} fit in {:.2} GB | {} |\n\n\
         | | requests a second | p50 ms | p90 ms | p99 ms | p99.9 ms |\n|---|---|---|---|---|---|\n",
        bench.connections,
        bench.seconds,
        met(ratio >= WANTED_RATIO),
        at(emission, "rate"),
        met(delay <= WANTED_DELAY),
        met(beside < WANTED_BYTES),
        at(memory, "open"),
        at(memory, "resident") / 1e9,
        met(at(memory, "open") >= WANTED_OPEN as f64),
    );
    let mut line = |name: &str, figure: &dyn Fn(&str) -> f64| {
        let parts = ["p50", "p90", "p99", "p999"].map(|part| format!("{:.2}", figure(part) / 1e3));
        text += &format!("| {name} | {:.0} | {} |\n", figure("rate"), parts.join(" | "));
    };
    for (name, runs) in sides {
        line(name, &|figure| median(runs, figure));
    }
    line("ours at half of the peak", &|figure| at(emission, figure));
    format!(
        "{text}\nAn open decision takes {:.0} bytes, {:.0} of them its key and payload. After `kill -9` the service with {:.0} of them \
         answers again within {:.0} s, and all are open.\n\n{}\n",
        at(memory, "each"),
        at(memory, "payload"),
        at(memory, "open"),
        at(memory, "again"),
        machine()
    )
}

#[cfg(test)]
mod tests {
    use super::{Bench, Said, quantile, section};
    use crate::project::Project;

    const TEXT: &str = "x_bucket{le=\"0.01\"} 90\nx_bucket{le=\"0.02\"} 98\nx_bucket{le=\"+Inf\"} 100\nx_count 100\n";

    #[test]
    fn a_share_is_reached_in_its_bucket() {
        assert_eq!(quantile(TEXT, "x", 0.5), Some(0.01));
        assert_eq!(quantile(TEXT, "x", 0.95), Some(0.02));
        assert_eq!(quantile(TEXT, "x", 0.99), Some(f64::INFINITY));
        assert_eq!(quantile(TEXT, "y", 0.5), None);
    }

    #[test]
    fn what_is_not_reached_is_said() {
        let said =
            |pairs: &[(&str, f64)]| pairs.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect::<Said>();
        let project = Project::find().unwrap();
        let bench = Bench { project: &project, seconds: 1.0, connections: 2 };
        let (ours, peer) = ([said(&[("rate", 1000.0), ("p50", 500.0)])], [said(&[("rate", 100.0)])]);
        let emission = said(&[("delay 0.99", 10.0), ("rate", 500.0)]);
        let memory = said(&[("each", 500.0), ("payload", 120.0), ("open", 5.0), ("resident", 3e9)]);
        let text = section(&bench, 1, &[("ours", &ours), ("peer", &peer)], &emission, &memory);
        assert!(text.contains("| 10.0 × | **not met** |"), "{text}");
        assert!(text.contains("| at most 10 ms | met |") && text.contains("| 380 bytes | met |"), "{text}");
        assert!(text.contains("| 5 fit in 3.00 GB | **not met** |"), "{text}");
        assert!(text.contains("| ours | 1000 | 0.50 |"), "{text}");
    }
}
