// Bundles the page's JavaScript with esbuild: `node js/build.mjs DIST`. Everything is an ES module but
// Monaco's worker, which is a classic script so that one CSP (worker-src 'self') serves both hosts.
// Leaves the wasm, index.html and styles to `cargo xtask ui`.

import { build } from 'esbuild';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? resolve(here, '../dist'));

const shared = {
    absWorkingDir: resolve(here, '..'),
    bundle: true,
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    target: ['es2022'],
    outdir: out,
};

await build({
    ...shared,
    entryPoints: ['js/boot.js', 'js/monaco.js', 'js/page.js', 'js/tauri.js'],
    format: 'esm',
    external: ['/ui.js'],
    loader: { '.ttf': 'file' },
    assetNames: '[name]',
});

await build({
    ...shared,
    entryPoints: { 'editor.worker': 'monaco-editor/editor/editor.worker.js' },
    format: 'iife',
});
