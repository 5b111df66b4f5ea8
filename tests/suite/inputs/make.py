#!/usr/bin/env python3
"""Writes the packed and the binary files of these cases, by a writer that is not ours: `pip install pyarrow==26.0.1`,
then `python3 make.py`. The text files beside them are written by hand."""

import datetime as dt
import decimal
import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent
UTC = dt.timezone.utc


def place(name):
    path = HERE / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def zstd(data):
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as out:
        out.write(data)
    return sink.getvalue().to_pybytes()


def gz(data):
    return gzip.compress(data, mtime=0)


def lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


EVENTS = [
    {"user": "ann", "at": "2020-01-01T10:00:00+00:00", "page": {"name": "start", "n": 1}, "price": 1.5, "new": True},
    {"user": "bob", "at": "2020-01-01T10:00:00+00:00", "page": {"name": "start", "n": 2}, "price": None, "new": False},
    {"user": "ann", "at": "2020-01-01T10:05:00+00:00", "page": {"name": "cart, full", "n": 3}, "price": 20.25, "new": False},
    {"user": "ann", "at": "2020-01-01T10:05:00+00:00", "page": {"name": "pay \"now\"", "n": 4}, "price": -0.5, "new": False},
    {"user": "bob", "at": "2020-01-02T09:00:00+00:00", "page": {"name": "Äpfel", "n": 5}, "price": 7.0, "new": True},
]


def flat(row):
    return {"user": row["user"], "at": row["at"], "page.name": row["page"]["name"], "page.n": row["page"]["n"],
            "price": row["price"], "new": row["new"]}


def cell(value, delimiter):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in (delimiter, '"', "\n")) else text


def csv(rows, delimiter=",", end="\n"):
    rows = [flat(row) for row in rows]
    table = [list(rows[0])] + [list(row.values()) for row in rows]
    return "".join(delimiter.join(cell(value, delimiter) for value in row) + end for row in table).encode()


def events_table(rows):
    return pa.table({
        "user": pa.array([row["user"] for row in rows]),
        "at": pa.array([dt.datetime.fromisoformat(row["at"]) for row in rows], pa.timestamp("us", "UTC")),
        "page": pa.array([row["page"] for row in rows], pa.struct([("name", pa.string()), ("n", pa.int64())])),
        "price": pa.array([row["price"] for row in rows], pa.float64()),
        "new": pa.array([row["new"] for row in rows]),
    })


def same_rows():
    """The same events in every format, each to give the same rows."""
    plain = {"array.json": json.dumps(EVENTS).encode(), "lines.jsonl": lines(EVENTS), "comma.csv": csv(EVENTS),
             "semicolon.csv": b"\xef\xbb\xbf" + csv(EVENTS, ";", "\r\n"), "tab.tsv": csv(EVENTS, "\t"), "bar.psv": csv(EVENTS, "|")}
    for name, data in plain.items():
        place(f"same-rows/data/{name}").write_bytes(data)
        place(f"same-rows/data/{name}.gz").write_bytes(gz(data))
        place(f"same-rows/data/{name}.zst").write_bytes(zstd(data))
    place("same-rows/data/no-ending-csv").write_bytes(csv(EVENTS))
    place("same-rows/data/no-ending-zstd").write_bytes(zstd(lines(EVENTS)))
    for packing in ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]:
        pq.write_table(events_table(EVENTS), place(f"same-rows/data/{packing}.parquet"), compression=packing)
    pq.write_table(events_table(EVENTS), place("same-rows/data/groups.parquet"), row_group_size=2, data_page_version="2.0",
                   use_dictionary=False)
    place("same-rows/data/packed.parquet.gz").write_bytes(gz(place("same-rows/data/groups.parquet").read_bytes()))


def mixed():
    """Ties in time across files of several formats."""
    place("mixed/data/a.jsonl").write_bytes(lines(EVENTS[:1]))
    place("mixed/data/b.csv.gz").write_bytes(gz(csv(EVENTS[1:2])))
    pq.write_table(events_table(EVENTS[2:3]), place("mixed/data/c.parquet"))
    place("mixed/data/d.json.zst").write_bytes(zstd(json.dumps(EVENTS[3:]).encode()))


def partitioned():
    for day in ["2020-01-01", "2020-01-02"]:
        rows = [row for row in EVENTS if row["at"].startswith(day)]
        pq.write_table(events_table(rows), place(f"partitioned/data/dt={day}/part-0.snappy.parquet"), compression="snappy")
    place("partitioned/data/_SUCCESS").write_bytes(b"")
    place("partitioned/data/_temporary/part-1.parquet").write_bytes(b"half")
    place("partitioned/data/.part-0.snappy.parquet.crc").write_bytes(b"crc")


def zstd_cases():
    data = lines({"n": n} for n in range(4))
    half = len(data) // 2
    place("zstd/data/frames.jsonl.zst").write_bytes(zstd(data[:half]) + zstd(data[half:]))
    skipped = (0x184D2A50).to_bytes(4, "little") + (4).to_bytes(4, "little") + b"note"
    place("zstd/data/note-first.zst").write_bytes(skipped + zstd(data))
    many = zstd(lines({"n": n, "text": f"{n * 7919 % 1000003}"} for n in range(20)))
    place("zstd/data/cut.jsonl.zst").write_bytes(many[: len(many) - 3])
    place("zstd/data/no-zstd-after-all.zst").write_bytes(b"\x28\xb5\x2f\xfd" + b"nonsense")
    place("zstd/data/nothing.zst").write_bytes(zstd(b""))


def parquet_types():
    time = dt.datetime(2020, 1, 2, 3, 4, 5, 678901)
    early = dt.datetime(1900, 1, 1)
    D = decimal.Decimal
    columns = [
        ("i8", pa.int8(), [-128, None]), ("u8", pa.uint8(), [255, None]), ("i16", pa.int16(), [-5, None]),
        ("u16", pa.uint16(), [65535, None]), ("i32", pa.int32(), [-5, None]), ("u32", pa.uint32(), [4294967295, None]),
        ("i64", pa.int64(), [-9223372036854775808, None]), ("u64", pa.uint64(), [18446744073709551615, None]),
        ("f32", pa.float32(), [0.5, None]), ("f64", pa.float64(), [0.1, None]), ("flag", pa.bool_(), [True, None]),
        ("text", pa.string(), ["Äpfel", None]), ("big_text", pa.large_string(), ["x" * 50, ""]),
        ("word", pa.dictionary(pa.int32(), pa.string()), ["red", None]),
        ("seconds", pa.timestamp("s"), [time.replace(microsecond=0), early]),
        ("millis", pa.timestamp("ms"), [time.replace(microsecond=678000), early]),
        ("micros", pa.timestamp("us"), [time, early]), ("nanos", pa.timestamp("ns"), [time, early]),
        ("utc", pa.timestamp("us", "UTC"), [time.replace(tzinfo=UTC), None]),
        ("berlin", pa.timestamp("us", "Europe/Berlin"), [time.replace(tzinfo=UTC), None]),
        ("day", pa.date32(), [time.date(), dt.date(1, 1, 1)]), ("clock", pa.time32("ms"), [dt.time(3, 4, 5, 6000), None]),
        ("fine_clock", pa.time64("us"), [dt.time(23, 59, 59, 999999), None]),
        ("price", pa.decimal128(9, 2), [D("12.30"), D("-0.05")]), ("huge", pa.decimal128(38, 0), [D(10) ** 37, None]),
        ("nothing", pa.null(), [None, None]),
        ("list", pa.list_(pa.int64()), [[1, None, 3], []]), ("lists", pa.list_(pa.list_(pa.string())), [[["a"], [], None], None]),
        ("pair", pa.list_(pa.int64(), 2), [[1, 2], [3, 4]]),
        ("struct", pa.struct([("a", pa.int64()), ("b", pa.struct([("c", pa.string())]))]), [{"a": 1, "b": {"c": "x"}}, None]),
        ("structs", pa.list_(pa.struct([("a", pa.int64()), ("t", pa.date32())])), [[{"a": 1, "t": time.date()}, None], None]),
        ("map", pa.map_(pa.string(), pa.float64()), [[("a", 1.5), ("b", None)], []]),
        ("by_number", pa.map_(pa.int64(), pa.list_(pa.string())), [[(7, ["x"])], None]),
        ("bytes", pa.binary(), [b"\x00\xff", None]), ("in_struct", pa.struct([("a", pa.int64()), ("raw", pa.binary(2))]), [None, None]),
    ]
    table = pa.table([pa.array(values, kind) for _, kind, values in columns], names=[name for name, _, _ in columns])
    pq.write_table(table, place("parquet-types/data/types.parquet"), version="2.6")
    old = table.select(["millis", "micros", "nanos", "list", "word"])
    pq.write_table(old, place("parquet-types/data/old-timestamps.parquet"), use_deprecated_int96_timestamps=True, version="1.0")


def parquet_cases():
    empty = events_table(EVENTS).slice(0, 0)
    pq.write_table(empty, place("parquet-edges/data/empty.parquet"))
    pq.write_table(pa.table({"a": pa.array([], pa.int64())}), place("parquet-edges/data/one-column.parquet"))
    whole = place("parquet-edges/data/whole.parquet")
    pq.write_table(pa.table({"n": list(range(300)), "t": [f"text {n}" for n in range(300)]}), whole, row_group_size=100,
                   compression="none", use_dictionary=False, write_statistics=False)
    data = bytearray(whole.read_bytes())
    whole.unlink()
    place("parquet-edges/data/cut.parquet").write_bytes(data[: len(data) // 2])
    place("parquet-edges/data/only-magic.parquet").write_bytes(data[:4])
    place("parquet-edges/data/half-a-footer.parquet").write_bytes(data[: len(data) - 5] + b"PAR1")
    start = pq.ParquetFile(pa.BufferReader(bytes(data))).metadata.row_group(1).column(0).data_page_offset
    data[start : start + 12] = b"\xff" * 12
    place("parquet-damaged-group/data/events.parquet").write_bytes(bytes(data))
    # A name that only starts as Parquet does.
    place("parquet-edges/data/par1.csv").write_bytes(b"PAR1,PAR2\n1,2\n")


if __name__ == "__main__":
    same_rows()
    mixed()
    partitioned()
    zstd_cases()
    parquet_types()
    parquet_cases()
