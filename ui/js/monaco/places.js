// Places as the wasm gives them (lines and UTF-16 columns from 1) and documents by name, as Monaco has them.

export const rangeOf = (monaco, { startLine, startColumn, endLine, endColumn }) =>
    new monaco.Range(startLine, startColumn, endLine, endColumn);

export const uriOf = (monaco, name) => monaco.Uri.from({ scheme: 'dtc', path: `/${name}` });

export const nameOf = (uri) => uri.path.slice(1);
