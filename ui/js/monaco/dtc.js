// Colours of a DTC document: YAML, with Python inside the attributes that hold expressions. Colours
// only; what is right and wrong is the language's to say, in the wasm.

const EXPRESSION_KEYS =
    /((?:Identity|Time|Value|When|Filter|Split|Condition|Key|Action|EventId)\s*)(:)(\s+)(?=[^\s|>&*!#])/;

const KEYWORDS = ['and', 'or', 'not', 'in', 'is', 'if', 'else', 'for', 'lambda', 'True', 'False', 'None'];

const python = [
    [/\s#.*$/, 'comment'],
    [/'([^'\\]|\\.)*'/, 'string'],
    [/"([^"\\]|\\.)*"/, 'string'],
    [/\d+(\.\d+)?([eE][-+]?\d+)?/, 'number'],
    [/[A-Za-z_]\w*(?=\s*\()/, { cases: { '@keywords': 'keyword', '@default': 'function' } }],
    [/[A-Za-z_]\w*/, { cases: { '@keywords': 'keyword', '@default': 'variable' } }],
    [/[-+*/%=<>!&|^~.,:()[\]{}]/, 'operators'],
];

const monarch = {
    keywords: KEYWORDS,
    tokenizer: {
        root: [
            [/#.*$/, 'comment'],
            [/^---.*$/, 'comment'],
            [/-\s+(?=[\w'"{[])/, 'delimiter'],
            [EXPRESSION_KEYS, ['key', 'delimiter', { token: '', next: '@expression' }]],
            [/([A-Za-z_][\w.-]*\s*)(:)(?=\s|$)/, ['key', 'delimiter']],
            [/(["'][^"']*["']\s*)(:)(?=\s)/, ['key', 'delimiter']],
            [/'([^']|'')*'/, 'string'],
            [/"([^"\\]|\\.)*"/, 'string'],
            [/(?:ProductML|Blurr):[\w:]+/, 'tag'],
            [/-?\d+(\.\d+)?(?=\s*($|[,\]}#]))/, 'number'],
            [/(?:true|false|null|~)(?=\s*($|[,\]}#]))/, 'keyword'],
            [/(?:integer|float|string|boolean|datetime|map|list|set|day|hour|count)(?=\s*($|[,\]}#]))/, 'constant'],
            [/[|>][-+]?\s*$/, 'operators'],
            [/[[\]{},]/, 'delimiter'],
            [/[^\s#'"[\]{},:]+/, ''],
        ],
        expression: [[/$/, { token: '', next: '@pop' }], ...python, [/\s+/, '']],
    },
};
// A line that ends inside an expression ends the expression: Monarch enters each line in `expression`
// only when the last one left it there, and `$` alone does not match an already consumed line.
monarch.tokenizer.expression.unshift([/^(?=.)/, { token: '', next: '@pop' }]);

export function registerDtc(monaco) {
    monaco.languages.register({ id: 'dtc', aliases: ['DTC'], extensions: ['.dtc.yaml'] });
    monaco.languages.setMonarchTokensProvider('dtc', monarch);
    monaco.languages.setLanguageConfiguration('dtc', {
        comments: { lineComment: '#' },
        brackets: [['{', '}'], ['[', ']'], ['(', ')']],
        autoClosingPairs: ['()', '[]', '{}', '""', "''"].map(([open, close]) => ({ open, close })),
        surroundingPairs: ['()', '[]', '{}', '""', "''"].map(([open, close]) => ({ open, close })),
        folding: { offSide: true },
        onEnterRules: [{ beforeText: /:\s*$/, action: { indentAction: monaco.languages.IndentAction.Indent } }],
    });
}
