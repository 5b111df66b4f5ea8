"""Writes the corpus of tests/accepts.rs: texts with whether CPython takes them as an expression.

Run with Python 3.11 after make.py: python3.11 mutate.py
The texts are expressions of the corpus, changed here and there with a fixed seed.
Each line is {"text": …, "ok": true}. Written to ../accepts.jsonl.
"""
import ast
import json
import pathlib
import random
import warnings

PIECES = ["(", ")", "[", "]", "{", "}", ",", ":", ".", "=", "==", "!=", "<", ">", "+", "-", "*", "**", "/", "//", "%", "@", "|", "&", "^", "~", "<<", ">>", "->", ":=", ";", "!", "?", "$",
          " ", "\n", "\t", "\\", "#", "'", '"', "'''", "f'", "b'", "r'", "rb'", "u'", "fr'", "{x}", "{{", "}}", "{x!r}", "{x:>5}", "{x=}", "0", "1", "00", "01", "1_0", "1__0", "_1", "0x", "0xg", "1e", "1e5", "1j", "1.", ".5",
          "x", "é", "²", "if", "else", "for", "in", "not", "is", "and", "or", "lambda", "lambda x:", "await", "async", "yield", "yield x", "from", "None", "True", "print", "match", "import", "def", "return",
          "*x", "**x", "x=1", "x:=1", "x for x in y", "if x", "if x else y", "x: y", "...", "not in", "is not"]


def change(text, rng):
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        at = rng.randrange(len(text) + 1)
        how = rng.randrange(5)
        if how == 0:
            text = text[:at] + rng.choice(PIECES) + text[at:]
        elif how == 1:
            text = text[:at] + " " + rng.choice(PIECES) + " " + text[at:]
        elif how == 2:
            text = text[:at] + text[at + rng.randrange(1, 4):]
        elif how == 3:
            text = text[:at] + rng.choice(PIECES) + text[at + 1:]
        else:
            to = rng.randrange(len(text) + 1)
            text = text[:at] + text[min(at, to):max(at, to)] + text[at:]
    return text


def accepted(text):
    try:
        ast.parse(text, mode="eval")
        return True
    except (SyntaxError, ValueError):
        return False


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    here = pathlib.Path(__file__).parent
    rng = random.Random(20180301)
    corpus = [json.loads(line)["expr"] for path in sorted(here.glob("*.jsonl")) for line in path.read_text().splitlines()]
    corpus = sorted({text for text in corpus if len(text) <= 70})
    texts = {}
    while len(texts) < 5000:
        text = change(rng.choice(corpus), rng)
        if text.strip():
            # What stands around an expression in a document is cut off before it is read.
            texts[text.strip()] = None
    lines = [json.dumps({"text": text, "ok": accepted(text)}, ensure_ascii=False) for text in texts]
    (here.parent / "accepts.jsonl").write_text("\n".join(lines) + "\n")
    print(len(lines), sum(accepted(text) for text in texts))
