"""`compare.py OURS THEIRS`: whether two folders of tables (NAME.jsonl) hold the same rows, in any order. Moments
are compared as instants, decimals up to the last digits, because a sum's depend on its order. Ends with 1 and
tells the first differences when they do not. Standard library only."""

import json
import math
import sys
from datetime import datetime, timezone
from pathlib import Path

KEYS = ("_identity", "identity", "session_id", "session", "anchor")
MOMENTS = ("_start_time", "_end_time", "anchor")


def instant(text):
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)


def rows(path):
    table = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            for name in MOMENTS:
                if name in row:
                    row[name] = instant(row[name])
            key = tuple(row[name] for name in KEYS if name in row)
            if key in table:
                sys.exit(f"{path}: two rows of {key}")
            table[key] = row
    return table


def same(a, b):
    if isinstance(a, float) or isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
    return type(a) is type(b) and a == b


def main():
    ours, theirs = Path(sys.argv[1]), Path(sys.argv[2])
    wrong = 0
    for path in sorted(ours.glob("*.jsonl")):
        mine, others = rows(path), rows(theirs / path.name)
        for key in mine.keys() ^ others.keys():
            wrong += 1
            if wrong <= 10:
                print(f"{path.stem} {key}: only in {'ours' if key in mine else 'theirs'}")
        for key in mine.keys() & others.keys():
            row, other = mine[key], others[key]
            if row.keys() != other.keys():
                sys.exit(f"{path.stem}: columns {list(row)} and {list(other)}")
            unlike = [name for name in row if not same(row[name], other[name])]
            if unlike:
                wrong += 1
                if wrong <= 10:
                    print(f"{path.stem} {key}: {[(name, row[name], other[name]) for name in unlike]}")
        print(f"{path.stem} {len(mine)}")
    if wrong:
        sys.exit(f"{wrong} rows differ")


main()
