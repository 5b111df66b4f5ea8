// Monaco's two themes from the page's own tokens, so that a colour is chosen in one place.

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const bare = (name) => token(name).replace('#', '');

/** Brackets are not worth colours of their own. */
function brackets() {
    const names = [1, 2, 3, 4, 5, 6].map((depth) => `editorBracketHighlight.foreground${depth}`);
    return Object.fromEntries(names.map((name) => [name, token('--text-2')]));
}

function colors() {
    return {
        'editor.background': token('--surface-0'),
        'editor.foreground': token('--text-1'),
        'editorLineNumber.foreground': token('--text-3'),
        'editorLineNumber.activeForeground': token('--text-1'),
        'editor.lineHighlightBackground': token('--surface-1'),
        'editor.lineHighlightBorder': '#00000000',
        'editor.selectionBackground': token('--editor-selection'),
        'editorCursor.foreground': token('--accent'),
        'editorIndentGuide.background1': token('--line-1'),
        'editorIndentGuide.activeBackground1': token('--line-2'),
        ...brackets(),
        'editorWidget.background': token('--surface-1'),
        'editorWidget.border': token('--line-2'),
        'editorHoverWidget.background': token('--surface-1'),
        'editorHoverWidget.border': token('--line-2'),
        'editorError.foreground': token('--error-text'),
        'editorWarning.foreground': token('--warning-text'),
        'editorInfo.foreground': token('--note-text'),
        'editorGutter.background': token('--surface-0'),
        'scrollbarSlider.background': token('--scrollbar'),
        'scrollbarSlider.hoverBackground': token('--scrollbar-hover'),
        'scrollbarSlider.activeBackground': token('--scrollbar-hover'),
        'list.activeSelectionBackground': token('--accent-soft'),
        'list.activeSelectionForeground': token('--text-1'),
        'input.background': token('--surface-0'),
        'input.border': token('--line-2'),
        focusBorder: token('--accent'),
        'scrollbar.shadow': '#00000000',
    };
}

function rules() {
    return [
        { token: '', foreground: bare('--text-1') },
        { token: 'comment', foreground: bare('--code-comment'), fontStyle: 'italic' },
        { token: 'type', foreground: bare('--code-key') },
        { token: 'key', foreground: bare('--code-key') },
        { token: 'string', foreground: bare('--code-string') },
        { token: 'string.yaml', foreground: bare('--code-string') },
        { token: 'number', foreground: bare('--code-number') },
        { token: 'keyword', foreground: bare('--code-keyword') },
        { token: 'function', foreground: bare('--code-function') },
        { token: 'variable', foreground: bare('--text-1') },
        { token: 'constant', foreground: bare('--code-type') },
        { token: 'operators', foreground: bare('--text-2') },
        { token: 'delimiter', foreground: bare('--text-2') },
        { token: 'tag', foreground: bare('--code-type') },
    ];
}

export function defineThemes(monaco) {
    monaco.editor.defineTheme('studio-light', { base: 'vs', inherit: true, rules: rules(), colors: colors() });
    monaco.editor.defineTheme('studio-dark', { base: 'vs-dark', inherit: true, rules: rules(), colors: colors() });
}
