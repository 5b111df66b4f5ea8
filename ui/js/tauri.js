// The desktop host's two IPC entries as plain functions. Strings in, strings out; loaded by the page in
// every host, used only where Tauri is.

import { Channel, invoke } from '@tauri-apps/api/core';

export function inTauri() {
    return '__TAURI_INTERNALS__' in globalThis;
}

/** Resolves to the reply's JSON, rejects with the error's JSON. */
export function rpc(name, body) {
    return invoke('rpc', { name, body });
}

/** Calls `onFrame` with each frame's JSON; returns the way to stop listening. */
export function feed(name, body, onFrame) {
    let listening = true;
    const hear = (frame) => {
        if (listening) {
            onFrame(frame);
        }
    };
    const channel = new Channel();
    channel.onmessage = hear;
    invoke('feed', { name, body, channel }).catch((error) => hear(`{"type":"refused","error":${error}}`));
    return () => {
        listening = false;
    };
}
