//! The desktop host: two IPC entries behind `/tauri.js`, the same texts as over HTTP.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::{Backend, FeedNews, Reply, Subscription, TransportError};

#[wasm_bindgen(raw_module = "/tauri.js")]
extern "C" {
    #[wasm_bindgen(js_name = inTauri)]
    fn in_tauri() -> bool;
    fn rpc(name: &str, body: &str) -> js_sys::Promise;
    #[wasm_bindgen(js_name = feed)]
    fn start_feed(name: &str, body: &str, on_frame: &JsValue) -> js_sys::Function;
}

pub fn present() -> bool {
    in_tauri()
}

pub struct TauriBackend;

impl Backend for TauriBackend {
    fn call(&self, name: &'static str, body: String) -> Reply {
        Box::pin(async move {
            match JsFuture::from(rpc(name, &body)).await {
                Ok(reply) => reply.as_string().ok_or(TransportError::Unreachable),
                Err(error) => Err(error.as_string().map_or(TransportError::Unreachable, TransportError::Refused)),
            }
        })
    }

    fn feed(&self, name: &'static str, body: String, mut on_news: Box<dyn FnMut(FeedNews)>) -> Subscription {
        let on_frame = Closure::<dyn FnMut(String)>::new(move |text: String| on_news(FeedNews::Frame(text)));
        let stop = start_feed(name, &body, on_frame.as_ref());
        Subscription::new(move || {
            // The script's own function: it has nothing to throw.
            let _ = stop.call0(&JsValue::NULL);
            wasm_bindgen_futures::spawn_local(async move {
                drop(on_frame);
            });
        })
    }
}
