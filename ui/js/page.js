// What the page asks of the browser and wasm would say with more words: slices of files as base64,
// downloads, the clipboard, sizes of elements. Keeps no state.

/** Bytes `from .. to` of a file as base64; the browser reads them off the main thread. */
export function readSlice(file, from, to) {
    return new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1));
        reader.onerror = () => reject(reader.error?.message ?? 'the file could not be read');
        reader.readAsDataURL(file.slice(from, to));
    });
}

/** A whole file as text. */
export function readText(file) {
    return file.text();
}

export function saveBase64(name, type, base64) {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const url = URL.createObjectURL(new Blob([bytes], { type }));
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60000);
}

/** Resolves to whether the text reached the clipboard. */
export async function copyText(text) {
    try {
        await navigator.clipboard.writeText(text);
        return true;
    } catch {
        return false;
    }
}

/** Calls back with width and height in CSS pixels, now and on each change; returns the way to stop. */
export function watchSize(element, onSize) {
    const observer = new ResizeObserver(([entry]) => {
        const { width, height } = entry.contentRect;
        onSize(width, height);
    });
    observer.observe(element);
    return () => observer.disconnect();
}

/** In a drawn graph: the chosen box alone takes Tab, and what flows to and from it is marked. */
export function chooseNode(root, place, focus) {
    const own = String(place);
    for (const node of root.querySelectorAll('[data-node]')) {
        const chosen = node.dataset.node === own;
        node.classList.toggle('chosen', chosen);
        node.setAttribute('tabindex', chosen ? '0' : '-1');
        node.setAttribute('aria-pressed', String(chosen));
        if (chosen && focus) {
            node.focus();
        }
    }
    for (const flow of root.querySelectorAll('[data-from]')) {
        flow.classList.toggle('near', flow.dataset.from === own || flow.dataset.to === own);
    }
}

/** The value of a CSS custom property on the page's root. */
export function token(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Files of a drop, folders opened: a list of { path, file }. */
export async function droppedFiles(transfer) {
    const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    if (entries.length === 0) {
        return [...transfer.files].map((file) => ({ path: file.name, file }));
    }
    const found = [];
    for (const entry of entries) {
        await walk(entry, '', found);
    }
    return found;
}

async function walk(entry, folder, found) {
    const path = folder + entry.name;
    if (entry.isFile) {
        const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
        found.push({ path, file });
        return;
    }
    const reader = entry.createReader();
    for (;;) {
        const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
        if (some.length === 0) {
            return;
        }
        for (const inner of some) {
            await walk(inner, `${path}/`, found);
        }
    }
}
