//! Bundles: what the page offers for download is what the command line writes.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use e2e::places;
use tempfile::TempDir;

use crate::opening::TEMPLATE;
use crate::session::{Session, with_studio};

type Files = BTreeMap<String, Vec<u8>>;

pub async fn sam_download_equals_the_command_lines() -> Result<()> {
    with_studio("sam_download_equals_the_command_lines", async |session| download_equals(session, "sam").await).await
}

pub async fn cloudformation_download_equals_the_command_lines() -> Result<()> {
    with_studio("cloudformation_download_equals_the_command_lines", async |session| {
        download_equals(session, "cloudformation").await
    })
    .await
}

async fn download_equals(session: &Session, target: &str) -> Result<()> {
    let page = &session.page;
    page.open_template(TEMPLATE).await?;
    page.is_live().await?;
    page.click("page-export").await?;
    page.click(&format!("target-{target}")).await?;
    page.text_becomes("export-commands", if target == "sam" { "sam deploy" } else { "aws cloudformation" }).await?;
    page.click("export-download").await?;
    let zip = download(session.downloads.path())?;
    let downloaded = unpacked(&zip)?;
    ensure!(downloaded.keys().any(|path| path.contains("template")), "no template in {:?}", downloaded.keys());
    let written = Written::by_command_line(target)?;
    let folder = written.folder()?;
    ensure!(downloaded.keys().eq(folder.keys()), "files differ: {:?} and {:?}", downloaded.keys(), folder.keys());
    for (path, content) in &folder {
        ensure!(downloaded.get(path) == Some(content), "{path} differs between page and command line");
    }
    ensure!(std::fs::read(&zip)? == std::fs::read(&written.zip)?, "the zips differ though their files are equal");
    Ok(())
}

/// The one finished file in the folder.
fn download(folder: &Path) -> Result<PathBuf> {
    let end = Instant::now() + Duration::from_secs(30);
    while Instant::now() < end {
        let files: Vec<PathBuf> = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
        if let Some(zip) = files.iter().find(|file| file.extension().is_some_and(|kind| kind == "zip")) {
            return Ok(zip.clone());
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    bail!("nothing was downloaded")
}

fn unpacked(zip: &Path) -> Result<Files> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(zip)?)?;
    let mut files = Files::new();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at)?;
        if entry.is_file() {
            let mut content = Vec::new();
            entry.read_to_end(&mut content)?;
            files.insert(entry.name().to_owned(), content);
        }
    }
    Ok(files)
}

/// What `dtc export` writes for the same project.
struct Written {
    place: TempDir,
    zip: PathBuf,
}

/// What a folder remembers of the export that filled it; no part of the bundle.
const NOTE: &str = ".dtc-export.json";

impl Written {
    fn by_command_line(target: &str) -> Result<Self> {
        let place = TempDir::new()?;
        let zip = place.path().join("bundle.zip");
        let mut command = Command::new(places::program("dtc")?);
        command.args(["export", "--target", target, "--out"]).arg(place.path().join("out"));
        command.arg("--zip").arg(&zip).arg(places::template(TEMPLATE)).envs(places::environment()?);
        let output = command.output()?;
        ensure!(output.status.success(), "dtc export failed:\n{}", String::from_utf8_lossy(&output.stderr));
        Ok(Self { place, zip })
    }

    fn folder(&self) -> Result<Files> {
        let out = self.place.path().join("out");
        let mut files = Files::new();
        collect(&out, &out, &mut files)?;
        files.remove(NOTE);
        Ok(files)
    }
}

fn collect(root: &Path, folder: &Path, files: &mut Files) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("no folder {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            let name = path.strip_prefix(root)?.to_string_lossy().into_owned();
            files.insert(name, std::fs::read(&path)?);
        }
    }
    Ok(())
}
