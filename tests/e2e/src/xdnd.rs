//! Files dragged from another program onto our window: the source's side of XDND, version 5
//! (<https://freedesktop.org/wiki/Specifications/XDND/>), as a file manager speaks it. No pointer moves.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use url::Url;
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, PropMode, SELECTION_NOTIFY_EVENT,
    SelectionNotifyEvent, SelectionRequestEvent, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

const PATIENCE: Duration = Duration::from_secs(20);
const VERSION: u32 = 5;
/// In `XdndStatus` and `XdndFinished`: the target takes, or took, the drop.
const TAKEN: u32 = 1;

x11rb::atom_manager! {
    Atoms: AtomsCookie {
        XdndAware,
        XdndSelection,
        XdndEnter,
        XdndPosition,
        XdndStatus,
        XdndDrop,
        XdndFinished,
        XdndActionCopy,
        TARGETS,
        URI_LIST: b"text/uri-list",
    }
}

/// Drops the files on the middle of the only window that takes drops; ends when the window says that it
/// took them.
pub fn drop_files(files: &[PathBuf]) -> Result<()> {
    let (connection, screen) = x11rb::connect(None).context("no display")?;
    let root = connection.setup().roots[screen].root;
    let atoms = Atoms::new(&connection)?.reply()?;
    let target = aware_window(&connection, &atoms, root)?.context("no window takes drops")?;
    let source = connection.generate_id()?;
    let aux = CreateWindowAux::new();
    connection.create_window(0, source, root, 0, 0, 1, 1, 0, WindowClass::INPUT_ONLY, 0, &aux)?;
    connection.set_selection_owner(source, atoms.XdndSelection, x11rb::CURRENT_TIME)?;
    let size = connection.get_geometry(target)?.reply()?;
    let corner = connection.translate_coordinates(target, root, 0, 0)?.reply()?;
    let middle = |from: i16, length: u16| u32::from((from.max(0) as u16).saturating_add(length / 2));
    let place = middle(corner.dst_x, size.width) << 16 | middle(corner.dst_y, size.height);
    let uris = files.iter().map(|file| Url::from_file_path(file).map(|uri| format!("{uri}\r\n")));
    let uris: Result<String, ()> = uris.collect();
    let uris = uris.ok().context("a file without a full path")?;
    let drag = Drag { connection: &connection, atoms: &atoms, source, target, uris };
    drag.send(atoms.XdndEnter, [VERSION << 24, atoms.URI_LIST, 0, 0])?;
    // A target that must first look at the data refuses at first: it is asked again.
    drag.repeat_until_taken(place)?;
    drag.send(atoms.XdndDrop, [0, x11rb::CURRENT_TIME, 0, 0])?;
    let outcome = drag.wait(PATIENCE, atoms.XdndFinished)?.context("the window never finished the drop")?;
    ensure!(outcome & TAKEN != 0, "the window did not take the drop");
    Ok(())
}

/// The first window, from the root down, that announces `XdndAware`.
fn aware_window(connection: &RustConnection, atoms: &Atoms, from: Window) -> Result<Option<Window>> {
    for window in connection.query_tree(from)?.reply()?.children {
        let aware = connection.get_property(false, window, atoms.XdndAware, AtomEnum::ATOM, 0, 1)?.reply()?;
        if aware.value_len > 0 {
            return Ok(Some(window));
        }
        if let Some(found) = aware_window(connection, atoms, window)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

struct Drag<'c> {
    connection: &'c RustConnection,
    atoms: &'c Atoms,
    source: Window,
    target: Window,
    uris: String,
}

impl Drag<'_> {
    fn send(&self, kind: u32, rest: [u32; 4]) -> Result<()> {
        let data = [self.source, rest[0], rest[1], rest[2], rest[3]];
        let message = ClientMessageEvent::new(32, self.target, kind, data);
        self.connection.send_event(false, self.target, EventMask::NO_EVENT, message)?;
        Ok(self.connection.flush()?)
    }

    fn repeat_until_taken(&self, place: u32) -> Result<()> {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            self.send(self.atoms.XdndPosition, [0, place, x11rb::CURRENT_TIME, self.atoms.XdndActionCopy])?;
            let answer = self.wait(Duration::from_secs(1), self.atoms.XdndStatus)?;
            if answer.is_some_and(|status| status & TAKEN != 0) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("the window refuses the drop")
    }

    /// The flags of the next message of this kind, answering requests for the data meanwhile.
    fn wait(&self, patience: Duration, kind: u32) -> Result<Option<u32>> {
        let end = Instant::now() + patience;
        while Instant::now() < end {
            match self.connection.poll_for_event()? {
                Some(Event::ClientMessage(message)) if message.type_ == kind => {
                    return Ok(Some(message.data.as_data32()[1]));
                }
                Some(Event::SelectionRequest(request)) => self.hand_over(&request)?,
                Some(_) => (),
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        }
        Ok(None)
    }

    fn hand_over(&self, request: &SelectionRequestEvent) -> Result<()> {
        let SelectionRequestEvent { requestor, property, target, .. } = *request;
        let known = target == self.atoms.URI_LIST || target == self.atoms.TARGETS;
        if target == self.atoms.URI_LIST {
            self.connection.change_property8(PropMode::REPLACE, requestor, property, target, self.uris.as_bytes())?;
        } else if known {
            let targets = [self.atoms.TARGETS, self.atoms.URI_LIST];
            self.connection.change_property32(PropMode::REPLACE, requestor, property, AtomEnum::ATOM, &targets)?;
        }
        let notice = SelectionNotifyEvent {
            response_type: SELECTION_NOTIFY_EVENT,
            sequence: 0,
            time: request.time,
            requestor,
            selection: request.selection,
            target,
            property: if known { property } else { x11rb::NONE },
        };
        self.connection.send_event(false, requestor, EventMask::NO_EVENT, notice)?;
        Ok(self.connection.flush()?)
    }
}
