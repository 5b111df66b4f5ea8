//! What this host can do.

use studio_api::{ApiError, Capabilities, GetCapabilities};

use crate::{Answer, Studio};

impl Answer<GetCapabilities> for Studio {
    fn answer(&self, _: GetCapabilities) -> Result<Capabilities, ApiError> {
        let native = self.config.native.is_some();
        Ok(Capabilities { native_dialogs: native, native_drop: native, version: env!("CARGO_PKG_VERSION").to_owned() })
    }
}
