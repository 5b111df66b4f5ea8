//! Starting and stopping the host.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};
use studio::Studio;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::token::Token;
use crate::{feed, guard, pages, rpc};

/// A chunk of an upload is 4 MiB, as base64 in JSON less than 6.
const LARGEST_BODY: usize = 8 << 20;
/// How long open requests may take to finish when the host stops.
const PATIENCE: Duration = Duration::from_secs(3);

pub struct Options {
    pub studio: Studio,
    /// 0: any free port.
    pub port: u16,
    /// The built page; `None`: `DTC_STUDIO_UI`, or `ui/dist` beside or above the executable.
    pub ui: Option<PathBuf>,
}

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("The page is not built: {0} has no index.html. Run `cargo xtask ui`, or set DTC_STUDIO_UI to its folder.")]
    NoPage(PathBuf),
    #[error("Port {port} on 127.0.0.1 cannot be used: {cause}. Choose another one with --port, or 0 for any.")]
    Port { port: u16, cause: io::Error },
    #[error("The operating system gave no random numbers: {0}.")]
    Random(getrandom::Error),
    #[error("The server stopped: {0}.")]
    Stopped(String),
}

/// What every request needs.
pub(crate) struct Shared {
    pub studio: Studio,
    pub address: SocketAddr,
    pub token: Token,
    /// Canonical.
    pub ui: PathBuf,
    stopping: AtomicBool,
}

impl Shared {
    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }
}

/// A running host. Dropping it leaves it running until the runtime ends.
pub struct Server {
    pub address: SocketAddr,
    /// The address to open in a browser, once per browser.
    pub url_with_token: String,
    shared: Arc<Shared>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<io::Result<()>>,
}

/// Binds 127.0.0.1 and serves until `shutdown`.
pub async fn serve(options: Options) -> Result<Server, ServeError> {
    let ui = page_folder(options.ui)?;
    let token = Token::random().map_err(ServeError::Random)?;
    let port = options.port;
    let bound = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    let listener = bound.map_err(|cause| ServeError::Port { port, cause })?;
    let address = listener.local_addr().map_err(|cause| ServeError::Port { port, cause })?;
    let url_with_token = format!("http://{address}/?token={}", token.as_str());
    let shared = Arc::new(Shared { studio: options.studio, address, token, ui, stopping: AtomicBool::new(false) });
    let (stop, stopped) = oneshot::channel::<()>();
    let app = router(&shared);
    let serving = axum::serve(listener, app).with_graceful_shutdown(async {
        // An error says that the `Server` was dropped without `shutdown`: then it runs on.
        if stopped.await.is_err() {
            std::future::pending::<()>().await;
        }
    });
    let task = tokio::spawn(serving.into_future());
    Ok(Server { address, url_with_token, shared, stop, task })
}

impl Server {
    /// The secret of this start, for callers that are no browser (`Authorization: Bearer`).
    pub fn token(&self) -> &str {
        self.shared.token.as_str()
    }

    /// Until the server ends by itself, which only a failure makes it do.
    pub async fn wait(self) -> Result<(), ServeError> {
        let _stop = self.stop;
        ended(self.task.await)
    }

    /// Lets open requests finish for a moment, ends feeds, closes the port.
    pub async fn shutdown(mut self) -> Result<(), ServeError> {
        self.shared.stopping.store(true, Ordering::Relaxed);
        // An error says that the server has ended already.
        let _ = self.stop.send(());
        match tokio::time::timeout(PATIENCE, &mut self.task).await {
            Ok(result) => ended(result),
            Err(_) => {
                self.task.abort();
                Ok(())
            }
        }
    }
}

fn ended(result: Result<io::Result<()>, tokio::task::JoinError>) -> Result<(), ServeError> {
    match result {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(ServeError::Stopped(error.to_string())),
        Err(error) => Err(ServeError::Stopped(error.to_string())),
    }
}

fn router(shared: &Arc<Shared>) -> Router {
    Router::new()
        .route("/api/rpc/{name}", post(rpc::rpc))
        .route("/api/feed/{name}", get(feed::feed))
        .fallback(any(pages::page))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(shared.clone(), guard::guard))
        .with_state(shared.clone())
}

fn page_folder(given: Option<PathBuf>) -> Result<PathBuf, ServeError> {
    let from_environment = || std::env::var_os("DTC_STUDIO_UI").filter(|value| !value.is_empty()).map(PathBuf::from);
    let folder = given.or_else(from_environment).or_else(|| studio::locate("ui/dist"));
    let folder = folder.unwrap_or_else(|| PathBuf::from("ui/dist"));
    match folder.canonicalize() {
        Ok(folder) if folder.join("index.html").is_file() => Ok(folder),
        _ => Err(ServeError::NoPage(folder)),
    }
}
