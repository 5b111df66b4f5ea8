"""`attribution_in_duckdb.py FILE THREADS [--journeys] [--credits FILE]`: first, last and linear touch by DuckDB's SQL
on the same paths, or on one journey a line. Prints `read S`, `heuristics S`, `seconds S` (of both) and `cpu S`. `--credits` writes the conversions."""

import sys
import time

import duckdb

READ = """CREATE TABLE paths AS SELECT string_split(path, ' > ') AS touches, total_conversions AS conversions,
total_conversion_value AS value FROM read_csv('$file', delim = ';', header = true)"""
READ_JOURNEYS = """CREATE TABLE paths AS SELECT string_split(path, ' > ') AS touches, converted AS conversions, value
FROM read_csv('$file', header = true)"""
MODELS = {
    "first": "SELECT touches[1] AS channel, sum(conversions) AS credit, sum(value) FROM paths WHERE conversions > 0 GROUP BY 1",
    "last": "SELECT touches[-1] AS channel, sum(conversions) AS credit, sum(value) FROM paths WHERE conversions > 0 GROUP BY 1",
    "linear": """SELECT channel, sum(conversions / n) AS credit, sum(value / n) FROM (SELECT unnest(touches) AS channel,
len(touches) AS n, conversions, value FROM paths WHERE conversions > 0) GROUP BY 1""",
}


def main():
    file, threads, *more = sys.argv[1:]
    start, cpu = time.perf_counter(), time.process_time()
    with duckdb.connect() as connection:
        connection.execute(f"SET threads = {int(threads)}; SET preserve_insertion_order = false")
        connection.execute((READ_JOURNEYS if "--journeys" in more else READ).replace("$file", file))
        read = time.perf_counter()
        credits = {model: connection.execute(sql).fetchall() for model, sql in MODELS.items()}
    end = time.perf_counter()
    print(f"read {read - start:.6f}\nheuristics {end - read:.6f}")
    print(f"seconds {end - start:.6f}\ncpu {time.process_time() - cpu:.6f}")
    if "--credits" in more:
        columns = [{line[0]: line[1] for line in credits[model]} for model in MODELS]
        with open(more[more.index("--credits") + 1], "w") as out:
            out.write("channel,first,last,linear\n")
            for name in sorted(set().union(*columns)):
                out.write(",".join([name, *(repr(float(column.get(name, 0))) for column in columns)]) + "\n")


main()
