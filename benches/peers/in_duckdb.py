"""`in_duckdb.py SHAPE FILE THREADS [--windows] [--rows FOLDER]`: the rows of a shape's documents by DuckDB, from
the file to tables in memory, as the SQL beside this file says. Prints `seconds S`, the processor's `cpu S`
and the number of rows. `--rows` writes the tables too, outside the time."""

import sys
import time
from pathlib import Path

import duckdb

TABLES = {"offer": ["user", "game_stats"], "wide": ["person", "visit"], "deep": ["customer", "visit"]}


def main():
    shape, file, threads, *more = sys.argv[1:]
    tables, scripts = list(TABLES[shape]), [shape]
    if "--windows" in more:
        tables.append("offer_ai_features")
        scripts.append("offer_windows")
    texts = [(Path(__file__).parent / "duckdb" / f"{script}.sql").read_text() for script in scripts]
    start, cpu = time.perf_counter(), time.process_time()
    with duckdb.connect() as connection:
        connection.execute(f"SET threads = {int(threads)}; SET preserve_insertion_order = false")
        for text in texts:
            connection.execute(text.replace("$file", file))
        print(f"seconds {time.perf_counter() - start:.6f}\ncpu {time.process_time() - cpu:.6f}")
        for table in tables:
            count = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]
            print(f"{table} {count}")
            if "--rows" in more:
                folder = Path(more[more.index("--rows") + 1])
                folder.mkdir(parents=True, exist_ok=True)
                connection.execute(f"COPY \"{table}\" TO '{folder / table}.jsonl' (FORMAT json)")


main()
