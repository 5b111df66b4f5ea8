//! A request of API Gateway's HTTP API or of a function's address: events in its body.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Incoming, Order};

pub fn record(event: &Value) -> Incoming {
    Incoming {
        name: event["requestContext"]["requestId"].as_str().unwrap_or("the request").to_owned(),
        order: Order::Unknown,
        data: body(event),
    }
}

/// The request's body as it was sent.
pub fn body(event: &Value) -> Result<Vec<u8>, String> {
    let body = event["body"].as_str().unwrap_or_default();
    if event["isBase64Encoded"] == true {
        return STANDARD.decode(body).map_err(|error| format!("not base64: {error}"));
    }
    Ok(body.as_bytes().to_vec())
}

/// Taken, partly unusable, or to be sent again.
pub fn answer(failed: bool, refused: usize) -> Value {
    match (failed, refused) {
        (true, _) => reply(503, &json!({"error": "the events could not be kept; send them again"})),
        (false, 0) => reply(202, &json!({"unusable": 0})),
        (false, refused) => {
            reply(400, &json!({"unusable": refused, "error": "some events cannot be read; the others were taken"}))
        }
    }
}

pub fn reply(status: u16, body: &Value) -> Value {
    json!({"statusCode": status, "headers": {"content-type": "application/json"}, "body": body.to_string()})
}
