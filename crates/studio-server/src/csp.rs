//! What the page may load and run: one policy for both hosts (`src-tauri/tauri.conf.json` repeats it,
//! a test compares them).

/// Scripts and the worker from the host itself, WebAssembly, no inline script and no other site. Monaco
/// sets inline styles; `ipc:` is the desktop's way to its host.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data: blob:; connect-src 'self' ipc: http://ipc.localhost";
