//! What an event costs as there are more of them, and what an identity costs: flat lines, where Blurr's grew
//! with the square.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use super::data;
use super::engine::Reach;
use super::measure::{Figures, alternate};
use super::programs::Programs;
use super::shapes::grouped;

const EVENTS: [u64; 4] = [10_000, 100_000, 1_000_000, 10_000_000];
const IDENTITIES: [u64; 3] = [4_000, 40_000, 400_000];
/// Seconds that Blurr's local runner took for 4,000 identities with one event each.
const BLURR: f64 = 187.0;
/// How much dearer an event may be than in any smaller file of 100,000 events or more, and count as flat.
const FLAT: f64 = 1.25;
/// 10 GB of the offer shape.
const HUGE: (u64, u64) = (44_000_000, 880_000);

pub fn measure(programs: &Programs, runs: usize, huge: bool) -> Result<(Vec<Reach>, String)> {
    let mut text = String::from(
        "### By the number of events\n\nThe offer shape, 50 events a user, one core, to sessions.\n\n\
         | events | s | processor µs an event | × the floor | memory, MB | file, MB |\n|---|---|---|---|---|---|\n",
    );
    let mut costs = Vec::new();
    let mut peak = 0.0;
    for events in EVENTS {
        if peak * 11.0 > available() {
            bail!("{events} events would take {:.0} MB, more than this machine has left", peak * 10.0 / 1e6);
        }
        let file = data::file(programs.project, "offer", events, events / 50)?;
        let measured = [
            programs.floor("sonic-rs", &file, 1),
            programs.floor("simd-json-tape", &file, 1),
            programs.ours(&programs.documents("offer"), &file, 1, &[]),
        ];
        // A run of ten million is long enough to be told by fewer.
        let runs = if events > 1_000_000 { runs.min(3) } else { runs };
        let figures = alternate(programs.project, runs, &measured)?;
        let (floor, ours) = (figures[0].seconds.min(figures[1].seconds), &figures[2]);
        // By processor time, which what else the machine does changes least.
        let cost = ours.processor / events as f64 * 1e6;
        text += &format!(
            "| {} | {:.3} | {cost:.2} | {:.2} | {:.0} | {:.0} |\n",
            grouped(events as f64),
            ours.seconds,
            ours.seconds / floor,
            ours.peak / 1e6,
            fs::metadata(&file)?.len() as f64 / 1e6
        );
        costs.push(cost);
        peak = ours.peak;
        if events > 1_000_000 {
            fs::remove_file(&file)?;
        }
    }
    // The smallest file also pays for the documents.
    let (least, last) = (costs[1].min(costs[2]), costs[3]);
    let mut reaches = vec![Reach {
        what: "an event costs the same among 10^5 and among 10^7",
        measured: format!("{:.2} × among 10^7", last / least),
        met: last / least <= FLAT,
    }];
    text += "\n### By the number of identities\n\nOne event each, one core, to sessions.\n\n\
             | identities | s | processor µs an identity |\n|---|---|---|\n";
    for identities in IDENTITIES {
        let file = data::file(programs.project, "singles", identities, identities)?;
        let ours =
            &alternate(programs.project, runs, &[programs.ours(&programs.documents("offer"), &file, 1, &[])])?[0];
        let each = ours.processor / identities as f64 * 1e6;
        text += &format!("| {} | {:.3} | {each:.2} |\n", grouped(identities as f64), ours.seconds);
    }
    text += &format!("| 4,000 in Blurr, by figure | {BLURR:.0} | {} |\n", grouped(BLURR / 4_000.0 * 1e6));
    if huge {
        let (reach, more) = self::huge(programs)?;
        reaches.push(reach);
        text += &more;
    }
    Ok((reaches, text))
}

/// Bytes of memory that programs may still take.
fn available() -> f64 {
    let told = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let line = told.lines().find_map(|line| line.strip_prefix("MemAvailable:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kilobytes.map_or(f64::INFINITY, |kilobytes| kilobytes * 1024.0)
}

/// A file larger than memory should be: 10 GB through `dtc transform`, once, on two cores, deleted afterwards.
fn huge(programs: &Programs) -> Result<(Reach, String)> {
    let (events, users) = HUGE;
    programs.build_dtc()?;
    let file = data::file(programs.project, "offer", events, users)?;
    let size = fs::metadata(&file)?.len() as f64;
    let rows = file.with_extension("rows");
    let figures = alternate(programs.project, 1, &[programs.dtc(&programs.documents("offer"), &file, &rows, 2)]);
    fs::remove_file(&file)?;
    let written = written(&rows)?;
    fs::remove_dir_all(&rows)?;
    let Figures { seconds, peak, .. } = figures?.remove(0);
    let text = format!(
        "\n### More than memory\n\n{} events, {:.1} GB, by `dtc transform` on two cores, to tables of sessions \
         ({:.1} GB): {seconds:.0} s, {:.0} MB.\n",
        grouped(events as f64),
        size / 1e9,
        written / 1e9,
        peak / 1e6
    );
    let measured = format!("{:.0} MB for {:.1} GB", peak / 1e6, size / 1e9);
    Ok((Reach { what: "memory at most 1 GB for a file of 10 GB", measured, met: peak <= 1e9 }, text))
}

/// Bytes of a folder's files.
fn written(folder: &Path) -> Result<f64> {
    let sizes = fs::read_dir(folder)?.map(|entry| Ok(entry?.metadata()?.len() as f64));
    sizes.sum()
}
