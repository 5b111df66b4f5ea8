// Monaco for the page: one editor, one model per document, markers and fixes given by the wasm. Knows
// nothing of DTC; strings and JSON cross the border, positions are Monaco's own (from 1, UTF-16).

import * as monaco from 'monaco-editor/editor.js';
import 'monaco-editor/features/register.all.js';
import 'monaco-editor/languages/definitions/yaml/register.js';
import 'monaco-editor/languages/definitions/rust/register.js';
import 'monaco-editor/languages/definitions/python/register.js';
import 'monaco-editor/languages/definitions/shell/register.js';
import 'monaco-editor/languages/definitions/markdown/register.js';
import { defineThemes } from './monaco/themes.js';
import { registerDtc } from './monaco/dtc.js';
import { registerProviders } from './monaco/providers.js';
import { nameOf, rangeOf, uriOf } from './monaco/places.js';

globalThis.MonacoEnvironment = {
    getWorker: () => new Worker('/editor.worker.js', { name: 'editor' }),
};

const OWNER = 'dtc';

/** name → { model, view, fixes, listener } */
const documents = new Map();
let editor = null;
let shown = null;
let handlers = null;

registerDtc(monaco);
registerProviders(monaco, (question) => {
    const json = handlers?.onAsk(JSON.stringify(question)) ?? '';
    return json === '' ? null : JSON.parse(json);
});

// Monaco's own keys for these belong to the browser and to the page.
const { KeyCode, KeyMod } = monaco;
monaco.editor.addKeybindingRules([
    { keybinding: KeyMod.Shift | KeyMod.Alt | KeyCode.KeyF, command: 'editor.action.formatDocument' },
    { keybinding: KeyMod.Shift | KeyCode.F1, command: 'editor.action.showHover' },
]);

// A place in another document: the page shows its tab.
monaco.editor.registerEditorOpener({
    openCodeEditor(_source, resource, where) {
        const name = nameOf(resource);
        if (!documents.has(name)) {
            return false;
        }
        const { lineNumber, column } = monaco.Range.isIRange(where)
            ? { lineNumber: where.startLineNumber, column: where.startColumn }
            : (where ?? { lineNumber: 1, column: 1 });
        handlers?.onOpen(name, lineNumber, column);
        return true;
    },
});

/**
 * `onChange(name, text)` for every document, shown or not; `onCursor(line, column)`; `onOpen(name, line, column)`
 * for a place in another document. `onAsk` answers a question in JSON with JSON, or with an empty text. Once, at
 * start-up.
 */
export function connect(onChange, onCursor, onOpen, onAsk) {
    handlers = { onChange, onCursor, onOpen, onAsk };
    globalThis.__studio = { setText, text, markers, shown: () => shown };
}

export function createEditor(element) {
    editor = monaco.editor.create(element, {
        model: null,
        automaticLayout: true,
        acceptSuggestionOnEnter: 'smart',
        ariaLabel: 'Document editor',
        bracketPairColorization: { enabled: false },
        fontFamily: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
        fontSize: 13,
        lineHeight: 20,
        fixedOverflowWidgets: true,
        folding: true,
        glyphMargin: false,
        guides: { indentation: true },
        lineDecorationsWidth: 8,
        lineNumbersMinChars: 3,
        minimap: { enabled: false },
        overviewRulerBorder: false,
        padding: { top: 8, bottom: 8 },
        quickSuggestions: { other: true, strings: true, comments: false },
        wordBasedSuggestions: 'off',
        suggest: { showWords: false, showStatusBar: false },
        renderLineHighlight: 'all',
        scrollBeyondLastLine: false,
        scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10 },
        smoothScrolling: !matchMedia('(prefers-reduced-motion: reduce)').matches,
        stickyScroll: { enabled: false },
        tabSize: 2,
    });
    editor.onDidChangeCursorPosition(({ position }) => handlers?.onCursor(position.lineNumber, position.column));
}

export function disposeEditor() {
    keepView();
    editor?.dispose();
    editor = null;
    shown = null;
}

/** Makes the document's model; the one that is there keeps its text and undo. */
export function openDocument(name, initial, language) {
    if (documents.has(name)) {
        return;
    }
    const uri = uriOf(monaco, name);
    monaco.editor.getModel(uri)?.dispose();
    const model = monaco.editor.createModel(initial, language, uri);
    const listener = model.onDidChangeContent(() => handlers?.onChange(name, model.getValue()));
    documents.set(name, { model, view: null, fixes: [], listener });
}

export function closeDocument(name) {
    const document = documents.get(name);
    if (!document) {
        return;
    }
    if (shown === name) {
        editor?.setModel(null);
        shown = null;
    }
    document.listener.dispose();
    document.model.dispose();
    documents.delete(name);
}

export function showDocument(name) {
    const document = documents.get(name);
    if (!editor || !document || shown === name) {
        return;
    }
    keepView();
    editor.setModel(document.model);
    if (document.view) {
        editor.restoreViewState(document.view);
    }
    shown = name;
    const { lineNumber, column } = editor.getPosition() ?? { lineNumber: 1, column: 1 };
    handlers?.onCursor(lineNumber, column);
}

function keepView() {
    const document = shown === null ? undefined : documents.get(shown);
    if (editor && document) {
        document.view = editor.saveViewState();
    }
}

/** Replaces the text as one edit that can be undone. */
export function setText(name, value) {
    const model = documents.get(name)?.model;
    if (!model || model.getValue() === value) {
        return;
    }
    model.pushStackElement();
    model.pushEditOperations([], [{ range: model.getFullModelRange(), text: value }], () => null);
    model.pushStackElement();
}

function text(name) {
    return documents.get(name)?.model.getValue() ?? null;
}

function markers(name) {
    const model = documents.get(name)?.model;
    return model ? monaco.editor.getModelMarkers({ owner: OWNER, resource: model.uri }) : [];
}

const SEVERITY = {
    error: monaco.MarkerSeverity.Error,
    warning: monaco.MarkerSeverity.Warning,
    note: monaco.MarkerSeverity.Info,
};

/** `json`: [{ code, severity, message, place, related: [{ message, place }], fix?: { title, edits: [{ place, text }] } }] */
export function setProblems(name, json) {
    const document = documents.get(name);
    if (!document) {
        return;
    }
    const problems = JSON.parse(json);
    const { uri } = document.model;
    monaco.editor.setModelMarkers(
        document.model,
        OWNER,
        problems.map((problem) => ({
            code: problem.code,
            severity: SEVERITY[problem.severity],
            message: problem.message,
            source: 'dtc',
            startLineNumber: problem.place.startLine,
            startColumn: problem.place.startColumn,
            endLineNumber: problem.place.endLine,
            endColumn: problem.place.endColumn,
            relatedInformation: problem.related.map(({ message, place }) => ({
                resource: uri,
                message,
                startLineNumber: place.startLine,
                startColumn: place.startColumn,
                endLineNumber: place.endLine,
                endColumn: place.endColumn,
            })),
        })),
    );
    document.fixes = problems
        .filter((problem) => problem.fix)
        .map(({ code, fix, place }) => ({ code, title: fix.title, at: rangeOf(monaco, place), edits: fix.edits }));
}

monaco.languages.registerCodeActionProvider(['dtc', 'yaml'], {
    provideCodeActions(model, range, context) {
        const document = [...documents.values()].find((candidate) => candidate.model === model);
        const here = (document?.fixes ?? []).filter((fix) => monaco.Range.areIntersectingOrTouching(fix.at, range));
        const actions = here.map((fix) => ({
            title: fix.title,
            kind: 'quickfix',
            isPreferred: true,
            diagnostics: context.markers.filter((marker) => marker.code === fix.code),
            edit: {
                edits: fix.edits.map(({ place, text: replacement }) => ({
                    resource: model.uri,
                    versionId: model.getVersionId(),
                    textEdit: { range: rangeOf(monaco, place), text: replacement },
                })),
            },
        }));
        return { actions, dispose() {} };
    },
});

export function reveal(line, column) {
    if (!editor) {
        return;
    }
    editor.setPosition({ lineNumber: line, column });
    editor.revealPositionInCenterIfOutsideViewport({ lineNumber: line, column });
    editor.focus();
}

export function focusEditor() {
    editor?.focus();
}

/** Runs one of Monaco's own commands at the cursor, by its id. */
export function act(id) {
    editor?.focus();
    editor?.getAction(id)?.run();
}

/** `dark`: whether the page's tokens are dark now; the colours are read from them. */
export function setTheme(dark) {
    defineThemes(monaco);
    monaco.editor.setTheme(dark ? 'studio-dark' : 'studio-light');
}

/** HTML of the text with Monaco's colour classes. */
export function colorize(value, language) {
    return monaco.editor.colorize(value, language, { tabSize: 2 });
}
