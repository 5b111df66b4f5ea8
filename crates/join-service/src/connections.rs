//! Connections over HTTP/1.1: requests that bring events are answered at once, all others by the router.
//!
//! Refuses to know events; the router would take as long for a request as all the rest of it.

use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::{Method, Request};
use axum::response::Response;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::http::{self, Shared};
use crate::metrics::Address;

/// Before the next try, where the process may open no more connections.
const BREATH: Duration = Duration::from_millis(200);

/// Takes connections until the sender of `stop` is gone, and ends with the last of them.
pub async fn serve(listener: TcpListener, shared: Arc<Shared>, router: Router, mut stop: watch::Receiver<()>) {
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(open.spawn(connection(stream, shared.clone(), router.clone(), stop.clone()))),
                Err(error) if is_of_one(&error) => {}
                Err(_) => tokio::time::sleep(BREATH).await,
            },
            Some(_) = open.join_next() => {}
            _ = stop.changed() => break,
        }
    }
    drop(listener);
    while open.join_next().await.is_some() {}
}

/// Whether the next connection may well come.
fn is_of_one(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn connection(stream: TcpStream, shared: Arc<Shared>, router: Router, mut stop: watch::Receiver<()>) {
    // An answer that waits for the next packet is a slow answer, and no wrong one.
    let _ = stream.set_nodelay(true);
    let router = TowerToHyperService::new(router);
    let service = service_fn(|request: Request<Incoming>| answer(&shared, &router, request));
    let mut connection = pin!(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    tokio::select! {
        biased;
        // Whoever broke a connection off knows it.
        _ = &mut connection => {}
        _ = stop.changed() => {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}

async fn answer(
    shared: &Shared,
    router: &TowerToHyperService<Router>,
    request: Request<Incoming>,
) -> Result<Response, Infallible> {
    use hyper::service::Service;
    let address = Address::of_path(request.uri().path()).filter(|_| request.method() == Method::POST);
    let Some(address) = address else { return router.call(request).await };
    let body = Limited::new(request.into_body(), shared.options.limits.body).collect().await;
    Ok(match body {
        Ok(body) => http::take(shared, address, &body.to_bytes()).await,
        Err(error) if error.is::<LengthLimitError>() => http::too_long(shared.options.limits.body),
        // The rest of the body does not come, and nobody reads this.
        Err(error) => http::unread(&error.to_string()),
    })
}
