//! From a command's name and JSON to its answer: expanded from the contract's only list, so a command
//! without an answer does not compile.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::de::DeserializeOwned;
use studio_api::*;

use crate::error::{internal, invalid, not_found};
use crate::feed::Feed;
use crate::studio::Studio;

/// How the service answers one command. Blocks; hosts call it off their event loop.
pub trait Answer<C: Command> {
    fn answer(&self, command: C) -> Result<C::Reply, ApiError>;
}

/// How the service opens one feed.
pub(crate) trait Open<F: studio_api::Feed> {
    fn open(&self, request: F) -> Result<Box<dyn Feed>, ApiError>;
}

/// Answers the command `name` with the request in `json`; the reply is JSON.
pub fn dispatch(studio: &Studio, name: &str, json: &str) -> Result<String, ApiError> {
    let answered = catch_unwind(AssertUnwindSafe(|| by_name(studio, name, json)));
    answered.unwrap_or_else(|_| {
        Err(internal(format!("{name} failed inside the studio. Please report it; your files are as they were.")))
    })
}

macro_rules! commands {
    ($($request:ident => $reply:ty,)*) => {
        fn by_name(studio: &Studio, name: &str, json: &str) -> Result<String, ApiError> {
            match name {
                $(stringify!($request) => reply::<$request>(studio, json),)*
                _ => Err(not_found(format!("There is no command {name:?}."))),
            }
        }
    };
}
with_commands!(commands);

macro_rules! feeds {
    ($($request:ident => $item:ty,)*) => {
        fn open_by_name(studio: &Studio, name: &str, json: &str) -> Result<Box<dyn Feed>, ApiError> {
            match name {
                $(stringify!($request) => studio.open(request::<$request>(name, json)?),)*
                _ => Err(not_found(format!("There is no feed {name:?}."))),
            }
        }
    };
}
with_feeds!(feeds);

/// Opens the feed `name`. Nothing runs for it but what its reader asks for.
pub fn subscribe(studio: &Studio, name: &str, json: &str) -> Result<Box<dyn Feed>, ApiError> {
    open_by_name(studio, name, json)
}

fn reply<C: Command>(studio: &Studio, json: &str) -> Result<String, ApiError>
where
    Studio: Answer<C>,
{
    let reply = studio.answer(request::<C>(C::NAME, json)?)?;
    serde_json::to_string(&reply)
        .map_err(|error| internal(format!("The reply to {} cannot be written: {error}.", C::NAME)))
}

fn request<T: DeserializeOwned>(name: &str, json: &str) -> Result<T, ApiError> {
    serde_json::from_str(json).map_err(|error| invalid(format!("This is not a request of {name}: {error}.")))
}
