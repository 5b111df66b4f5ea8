//! The HTTP host: commands by `fetch`, feeds by `EventSource` (which reconnects by itself and tells the
//! host by `Last-Event-ID` where it was).

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{EventSource, MessageEvent, RequestInit, Response};

use super::{Backend, FeedNews, Reply, Subscription, TransportError, is_last};

pub struct HttpBackend;

impl Backend for HttpBackend {
    fn call(&self, name: &'static str, body: String) -> Reply {
        Box::pin(post(format!("/api/rpc/{name}"), body))
    }

    fn feed(&self, name: &'static str, body: String, on_news: Box<dyn FnMut(FeedNews)>) -> Subscription {
        let query = js_sys::encode_uri_component(&body);
        let url = format!("/api/feed/{name}?body={query}");
        match EventSource::new(&url) {
            Ok(source) => listen(source, on_news),
            Err(_) => Subscription::new(|| ()),
        }
    }
}

async fn post(url: String, body: String) -> Result<String, TransportError> {
    let window = web_sys::window().ok_or(TransportError::Unreachable)?;
    let init = RequestInit::new();
    init.set_method("POST");
    init.set_body(&JsValue::from_str(&body));
    let headers = web_sys::Headers::new().map_err(|_| TransportError::Unreachable)?;
    headers.set("content-type", "application/json").map_err(|_| TransportError::Unreachable)?;
    init.set_headers(&headers);
    let response = JsFuture::from(window.fetch_with_str_and_init(&url, &init)).await;
    let response: Response = response.map_err(|_| TransportError::Unreachable)?.unchecked_into();
    let text = JsFuture::from(response.text().map_err(|_| TransportError::Unreachable)?).await;
    let text = text.ok().and_then(|text| text.as_string()).ok_or(TransportError::Unreachable)?;
    if response.ok() { Ok(text) } else { Err(TransportError::Refused(text)) }
}

fn listen(source: EventSource, on_news: Box<dyn FnMut(FeedNews)>) -> Subscription {
    let on_news = Rc::new(RefCell::new(on_news));
    let on_message = {
        let (source, on_news) = (source.clone(), on_news.clone());
        Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let Some(text) = event.data().as_string() else { return };
            if is_last(&text) {
                source.close();
            }
            (on_news.borrow_mut())(FeedNews::Frame(text));
        })
    };
    let on_open = {
        let on_news = on_news.clone();
        Closure::<dyn FnMut()>::new(move || (on_news.borrow_mut())(FeedNews::Open))
    };
    let on_error = Closure::<dyn FnMut()>::new(move || (on_news.borrow_mut())(FeedNews::Lost));
    source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
    source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    Subscription::new(move || {
        source.set_onopen(None);
        source.set_onmessage(None);
        source.set_onerror(None);
        source.close();
        // A closure may be what dropped us: it is freed once its call is over.
        wasm_bindgen_futures::spawn_local(async move {
            drop((on_open, on_message, on_error));
        });
    })
}
