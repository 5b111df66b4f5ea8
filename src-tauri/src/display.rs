//! What WebKitGTK must be told before it starts.

const DMABUF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// Many drivers and all virtual displays show an empty window with WebKit's DMA-BUF renderer, so it is off
/// unless the user decided. The program starts itself anew: a variable may not change under live threads.
#[cfg(target_os = "linux")]
pub fn prepare() {
    use std::os::unix::process::CommandExt;
    if std::env::var_os(DMABUF).is_some() {
        return;
    }
    if let Ok(executable) = std::env::current_exe() {
        let arguments = std::env::args_os().skip(1);
        let failure = std::process::Command::new(executable).args(arguments).env(DMABUF, "1").exec();
        eprintln!("Could not start anew with {DMABUF}=1 ({failure}); going on without it.");
    }
}

#[cfg(not(target_os = "linux"))]
pub fn prepare() {}
