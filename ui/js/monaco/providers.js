// What the editor asks the language while somebody writes: completion, hover, signatures, definitions, uses,
// renaming, outline, folding and layout. Every answer is the wasm's; here it is put into Monaco's words.

import { nameOf, rangeOf, uriOf } from './places.js';

/** `ask(question)` answers with an object, or with null where there is nothing to say. */
export function registerProviders(monaco, ask) {
    const { languages } = monaco;
    const at = (about, model, { lineNumber, column }, more = {}) =>
        ask({ about, document: nameOf(model.uri), line: lineNumber, column, ...more });
    const of = (about, model) => ask({ about, document: nameOf(model.uri), line: 1, column: 1 });
    const location = ({ document, place }) => ({ uri: uriOf(monaco, document), range: rangeOf(monaco, place) });

    languages.registerCompletionItemProvider('dtc', {
        triggerCharacters: ['.', ' '],
        provideCompletionItems(model, position, { triggerCharacter }) {
            // A blank asks where a value or an item begins, not between the words of an expression.
            const before = model.getLineContent(position.lineNumber).slice(0, position.column - 1);
            if (triggerCharacter === ' ' && !/[:-] $/.test(before)) {
                return { suggestions: [] };
            }
            const offered = at('offer', model, position);
            const suggestions = (offered?.items ?? []).map((item, place) => ({
                label: { label: item.label, description: item.detail },
                kind: languages.CompletionItemKind[item.kind],
                insertText: item.insert,
                insertTextRules: item.snippet ? languages.CompletionItemInsertTextRule.InsertAsSnippet : undefined,
                documentation: item.documentation === '' ? undefined : { value: item.documentation },
                sortText: String(place).padStart(5, '0'),
                range: rangeOf(monaco, offered.place),
                command: next(item),
            }));
            return { suggestions };
        },
    });

    languages.registerHoverProvider('dtc', {
        provideHover(model, position) {
            const told = at('hover', model, position);
            return told && { range: rangeOf(monaco, told.place), contents: told.text.map((value) => ({ value })) };
        },
    });

    languages.registerSignatureHelpProvider('dtc', {
        signatureHelpTriggerCharacters: ['(', ','],
        provideSignatureHelp(model, position) {
            const found = at('signature', model, position);
            if (!found) {
                return null;
            }
            const signatures = found.forms.map(({ label, parameters, active }) => ({
                label,
                documentation: { value: found.documentation },
                parameters: parameters.map((part) => ({ label: part })),
                activeParameter: active ?? parameters.length,
            }));
            return { value: { signatures, activeSignature: found.active, activeParameter: 0 }, dispose() {} };
        },
    });

    languages.registerDefinitionProvider('dtc', {
        provideDefinition(model, position) {
            const found = at('definition', model, position);
            return found && location(found);
        },
    });

    languages.registerReferenceProvider('dtc', {
        provideReferences(model, position) {
            return at('uses', model, position)?.map(location);
        },
    });

    languages.registerRenameProvider('dtc', {
        resolveRenameLocation(model, position) {
            const found = at('renamed', model, position);
            if (!found || found.refused !== undefined) {
                const here = new monaco.Range(position.lineNumber, position.column, position.lineNumber, position.column);
                return { range: here, text: '', rejectReason: found?.refused ?? 'Nothing here can be renamed' };
            }
            const range = rangeOf(monaco, found.place);
            return { range, text: model.getValueInRange(range) };
        },
        provideRenameEdits(model, position, name) {
            const found = at('rename', model, position, { name });
            if (!found || found.refused !== undefined) {
                return { edits: [], rejectReason: found?.refused };
            }
            const edits = found.places.map(({ document, place }) => ({
                resource: uriOf(monaco, document),
                versionId: undefined,
                textEdit: { range: rangeOf(monaco, place), text: name },
            }));
            return { edits };
        },
    });

    languages.registerCodeActionProvider('dtc', {
        provideCodeActions(model) {
            const edits = of('modern', model) ?? [];
            const actions = edits.length === 0 ? [] : [{
                title: "Rewrite this document to today's names",
                kind: 'refactor.rewrite',
                edit: {
                    edits: edits.map(({ place, text }) => ({
                        resource: model.uri,
                        versionId: model.getVersionId(),
                        textEdit: { range: rangeOf(monaco, place), text },
                    })),
                },
            }];
            return { actions, dispose() {} };
        },
    });

    const symbol = ({ name, detail, kind, place, namePlace, parts }) => ({
        name: name === '' ? '(no name)' : name,
        detail,
        kind: languages.SymbolKind[kind],
        tags: [],
        range: rangeOf(monaco, place),
        selectionRange: rangeOf(monaco, namePlace),
        children: parts.map(symbol),
    });
    languages.registerDocumentSymbolProvider('dtc', {
        displayName: 'DTC',
        provideDocumentSymbols(model) {
            const part = of('outline', model);
            return part ? [symbol(part)] : [];
        },
    });

    languages.registerFoldingRangeProvider('dtc', {
        provideFoldingRanges(model) {
            return (of('folds', model) ?? []).map(([start, end]) => ({ start, end }));
        },
    });

    languages.registerDocumentFormattingEditProvider('dtc', {
        displayName: 'DTC',
        provideDocumentFormattingEdits(model) {
            const text = of('layout', model);
            return text === null ? [] : [{ range: model.getFullModelRange(), text }];
        },
    });
}

/** A key leads on to its value, a function to its arguments. */
function next({ kind, snippet }) {
    if (kind === 'Property') {
        return { id: 'editor.action.triggerSuggest', title: '' };
    }
    return snippet && kind !== 'Snippet' ? { id: 'editor.action.triggerParameterHints', title: '' } : undefined;
}
