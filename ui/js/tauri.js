// The desktop host's two IPC entries as plain functions. Strings in, strings out; loaded by the page in
// every host, used only where Tauri is.

import { Channel, invoke } from '@tauri-apps/api/core';

export function inTauri() {
    return '__TAURI_INTERNALS__' in globalThis;
}

/** Resolves to the reply's JSON, rejects with the error's JSON. */
export function rpc(name, body) {
    return invoke('rpc', { name, body }).catch((error) => {
        throw typeof error === 'string' ? error : JSON.stringify(error);
    });
}

/** Calls `onItem` with each item's JSON, `onFail` with an error's JSON; returns the way to stop listening. */
export function feed(name, body, onItem, onFail) {
    let listening = true;
    const channel = new Channel();
    channel.onmessage = (item) => {
        if (listening) {
            onItem(typeof item === 'string' ? item : JSON.stringify(item));
        }
    };
    invoke('feed', { name, body, channel }).catch((error) => {
        if (listening) {
            onFail(typeof error === 'string' ? error : JSON.stringify(error));
        }
    });
    return () => {
        listening = false;
    };
}
