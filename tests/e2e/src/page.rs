//! The studio's page as a user sees it: what is shown, what can be clicked. Waits for what must come
//! and says what it saw instead when it does not.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use crate::{console, picture};

const PATIENCE: Duration = Duration::from_secs(30);
/// Times that a click is tried while the page changes under it.
const CLICKS: usize = 5;

pub struct Page {
    pub client: Client,
}

fn place(testid: &str) -> String {
    format!("[data-testid=\"{testid}\"]")
}

impl Page {
    pub async fn run(&self, script: &str, args: Vec<Value>) -> Result<Value> {
        self.client.execute(script, args).await.with_context(|| format!("the page could not run: {script}"))
    }

    /// Waits until the script returns something true, and gives it.
    pub async fn until(&self, what: &str, script: &str, args: Vec<Value>) -> Result<Value> {
        let end = Instant::now() + PATIENCE;
        let mut last = Value::Null;
        while Instant::now() < end {
            last = self.run(script, args.clone()).await?;
            if !matches!(last, Value::Null | Value::Bool(false)) && last != json!("") && last != json!([]) {
                return Ok(last);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("waited in vain for {what} (got {last}); the page shows:\n{}", self.words().await)
    }

    async fn words(&self) -> String {
        let text = self.run("return document.body.innerText", vec![]).await.unwrap_or_default();
        text.as_str().unwrap_or_default().chars().take(2000).collect()
    }

    pub async fn appears(&self, testid: &str) -> Result<()> {
        self.until(testid, "return document.querySelector(arguments[0]) !== null", vec![json!(place(testid))]).await?;
        Ok(())
    }

    /// A real click, once it is there and enabled.
    pub async fn click(&self, testid: &str) -> Result<()> {
        let css = place(testid);
        let script = "const e = document.querySelector(arguments[0]); return e !== null && !e.disabled";
        for _ in 0..CLICKS {
            self.until(testid, script, vec![json!(css)]).await?;
            let clicked = match self.client.find(Locator::Css(&css)).await {
                Ok(element) => element.click().await,
                Err(error) => Err(error),
            };
            match clicked {
                // The page put another one in its place meanwhile.
                Err(error) if error.is_stale_element_reference() || error.is_no_such_element() => {}
                clicked => return clicked.with_context(|| format!("cannot click {testid}")),
            }
        }
        bail!("{testid} does not stay for a click")
    }

    /// The focus for the editor. A click by the driver would scroll the editor's inner parts, as no mouse does.
    pub async fn focus_editor(&self) -> Result<()> {
        let script = "const place = document.querySelector('.monaco .native-edit-context, .monaco textarea');
            place?.focus();
            return document.activeElement === place && place !== null";
        self.until("the editor's focus", script, vec![]).await.map(drop)
    }

    /// Keys for whatever has the focus; the modifiers are WebDriver's.
    pub async fn keys(&self, keys: &str) -> Result<()> {
        let element = self.client.active_element().await?;
        element.send_keys(keys).await.context("the page takes no keys")
    }

    /// The text of what carries this name; waits for it to appear.
    pub async fn text(&self, testid: &str) -> Result<String> {
        self.appears(testid).await?;
        let text =
            self.run("return document.querySelector(arguments[0]).textContent", vec![json!(place(testid))]).await?;
        Ok(text.as_str().unwrap_or_default().trim().to_owned())
    }

    pub async fn text_becomes(&self, testid: &str, wanted: &str) -> Result<()> {
        let script = "return document.querySelector(arguments[0])?.textContent.includes(arguments[1]) ?? false";
        self.until(&format!("{testid} to say “{wanted}”"), script, vec![json!(place(testid)), json!(wanted)]).await?;
        Ok(())
    }

    pub async fn texts(&self, testid: &str) -> Result<Vec<String>> {
        let script = "return [...document.querySelectorAll(arguments[0])].map(e => e.textContent.trim())";
        let found = self.run(script, vec![json!(place(testid))]).await?;
        Ok(found.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect())
    }

    /// A run of the last edit has ended and its rows are shown.
    pub async fn is_live(&self) -> Result<()> {
        self.until(
            "the preview to be live",
            "return document.querySelector(arguments[0])?.textContent.trim() === 'live'",
            vec![json!(place("live"))],
        )
        .await?;
        Ok(())
    }

    /// The number in front of a text such as “13,021 events”.
    pub async fn number(&self, testid: &str) -> Result<u64> {
        let text = self.text(testid).await?;
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.parse().with_context(|| format!("{testid} shows no number: “{text}”"))
    }

    pub async fn open_template(&self, name: &str) -> Result<()> {
        self.click(&format!("template-{name}")).await?;
        self.appears("project-tree").await
    }

    /// From now on, remembers the workers that the page starts, and which of them answered.
    pub async fn watch_workers(&self) -> Result<()> {
        let script = "
            const Real = globalThis.Worker;
            globalThis.workers = [];
            globalThis.Worker = class extends Real {
                constructor(address, options) {
                    super(address, options);
                    const seen = { address: String(address), answered: false, failed: '' };
                    globalThis.workers.push(seen);
                    this.addEventListener('message', () => { seen.answered = true; });
                    this.addEventListener('error', event => { seen.failed = event.message ?? 'not loaded'; });
                }
            };";
        self.run(script, vec![]).await?;
        Ok(())
    }

    /// Monaco's own worker was started and answers: nothing fell back to the page's thread.
    pub async fn editor_worker_answers(&self) -> Result<()> {
        let script = "return globalThis.workers.some(it => it.address.endsWith('/editor.worker.js') && it.answered)";
        self.until("Monaco's worker to answer", script, vec![]).await?;
        let failed = self.run("return globalThis.workers.filter(it => it.failed)", vec![]).await?;
        ensure!(failed == json!([]), "workers failed: {failed}");
        Ok(())
    }

    /// Through the hook that Monaco's module keeps for tests.
    pub async fn editor_text(&self, document: &str) -> Result<String> {
        let script = "return globalThis.__studio?.text(arguments[0]) ?? null";
        let text = self.until("the document's text", script, vec![json!(document)]).await?;
        text.as_str().map(str::to_owned).context("the text is no text")
    }

    pub async fn set_editor_text(&self, document: &str, text: &str) -> Result<()> {
        let there = "return typeof globalThis.__studio?.text(arguments[0]) === 'string'";
        self.until("the document", there, vec![json!(document)]).await?;
        self.run("globalThis.__studio.setText(arguments[0], arguments[1])", vec![json!(document), json!(text)]).await?;
        Ok(())
    }

    /// Drops a file as the browser would hand it over.
    pub async fn drop_file(&self, file: &Path) -> Result<()> {
        let name = file.file_name().and_then(|name| name.to_str()).context("a file without a name")?;
        let bytes = std::fs::read(file)?;
        // Latin-1, one letter a byte, so that broken UTF-8 arrives as it is.
        let letters: String = bytes.iter().map(|byte| char::from(*byte)).collect();
        let script = "
            const bytes = Uint8Array.from(arguments[1], letter => letter.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], arguments[0]));
            for (const name of ['dragenter', 'dragover', 'drop']) {
                document.body.dispatchEvent(new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer: transfer }));
            }";
        self.run(script, vec![json!(name), json!(letters)]).await?;
        Ok(())
    }

    /// Gives a file to a hidden file input, as its dialog would.
    pub async fn choose_file(&self, testid: &str, file: &Path) -> Result<()> {
        self.appears(testid).await?;
        let input = self.client.find(Locator::Css(&place(testid))).await?;
        input.send_keys(&file.to_string_lossy()).await.context("the input takes no file")
    }

    /// Makes the page itself so big, whatever the browser's frame takes.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.client.set_window_size(width, height).await?;
        let inner = self.run("return [innerWidth, innerHeight]", vec![]).await?;
        let side =
            |at: usize| inner[at].as_u64().and_then(|side| u32::try_from(side).ok()).context("a window without a size");
        let (missing_width, missing_height) = (width - side(0)?.min(width), height - side(1)?.min(height));
        self.client.set_window_size(width + missing_width, height + missing_height).await?;
        Ok(())
    }

    pub async fn picture(&self, name: &str) -> Result<()> {
        // What moves comes to rest.
        tokio::time::sleep(Duration::from_millis(400)).await;
        let png = self.client.screenshot().await?;
        picture::keep(name, &png)?;
        picture::shows_something(&png).with_context(|| format!("the picture {name}"))
    }

    /// Nothing bad in the console since the last look.
    pub async fn console_is_clean(&self) -> Result<()> {
        let bad: Vec<String> =
            console::read(&self.client).await?.into_iter().filter(console::Message::is_bad).map(|it| it.text).collect();
        ensure!(bad.is_empty(), "the console says:\n{}", bad.join("\n"));
        Ok(())
    }
}
