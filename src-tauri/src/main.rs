//! The desktop host: one window with the page, native dialogs and drops, two entries for the page.
//!
//! Refuses to know what the commands mean: `studio` answers them.

mod arguments;
mod dialogs;
mod display;
mod ipc;

use std::process::ExitCode;

use studio::{Config, Studio};
use tauri::webview::PageLoadEvent;
use tauri::{DragDropEvent, Manager, WindowEvent};

use arguments::Arguments;
use dialogs::Dialogs;
use ipc::Listeners;

fn main() -> ExitCode {
    let arguments = match Arguments::parse(std::env::args_os().skip(1)) {
        Ok(arguments) => arguments,
        Err(answer) => return answer.print(),
    };
    display::prepare();
    let mut config = Config::from_environment();
    config.folder = arguments.folder;
    config.native = Some(Box::new(Dialogs));
    match open_window(Studio::new(config)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("The window could not be opened: {error}. Without a display use `dtc serve` and a browser.");
            ExitCode::FAILURE
        }
    }
}

/// Runs until the window is closed.
fn open_window(studio: Studio) -> tauri::Result<()> {
    tauri::Builder::default()
        .manage(studio)
        .manage(Listeners::default())
        .invoke_handler(tauri::generate_handler![ipc::rpc, ipc::feed])
        .on_page_load(|webview, load| {
            if load.event() == PageLoadEvent::Started {
                webview.state::<Listeners>().page_left();
            }
        })
        .on_window_event(|window, event| {
            if let WindowEvent::DragDrop(DragDropEvent::Drop { paths, .. }) = event {
                let (studio, paths) = (window.state::<Studio>().inner().clone(), paths.clone());
                std::thread::spawn(move || studio.drop_files(&paths));
            }
        })
        .run(tauri::generate_context!())
}
