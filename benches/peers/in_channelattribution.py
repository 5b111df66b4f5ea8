"""`in_channelattribution.py FILE [--journeys] [--credits FILE]`: ChannelAttribution on the same paths, or on one
journey a line: reading, the three heuristics that it has, and its simulated Markov chain of order 1 with its own
settings. Prints `read S`, `heuristics S`, `markov S`, `seconds S` (of all) and `cpu S`. `--credits` writes the
conversions, outside the time."""

import contextlib
import io
import sys
import time

import ChannelAttribution as ca
import pandas as pd


def read_journeys(file):
    journeys = pd.read_csv(file, usecols=["path", "converted", "value"])
    columns = {"converted": "total_conversions", "value": "total_conversion_value"}
    return journeys.rename(columns=columns).assign(total_null=1 - journeys["converted"])


def main():
    file, *more = sys.argv[1:]
    start, cpu = time.perf_counter(), time.process_time()
    paths = read_journeys(file) if "--journeys" in more else pd.read_csv(file, sep=";")
    read = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        heuristics = ca.heuristic_models(paths, "path", "total_conversions", var_value="total_conversion_value", flg_pro=False)
        middle = time.perf_counter()
        markov = ca.markov_model(
            paths,
            "path",
            "total_conversions",
            var_value="total_conversion_value",
            var_null="total_null",
            seed=1,
            flg_pro=False,
            verbose=False,
        )
    end = time.perf_counter()
    print(f"read {read - start:.6f}\nheuristics {middle - read:.6f}\nmarkov {end - middle:.6f}")
    print(f"seconds {end - start:.6f}\ncpu {time.process_time() - cpu:.6f}")
    if "--credits" in more:
        column = next(name for name in markov.columns if name.startswith("total_conversion") and "value" not in name)
        chain = dict(zip(markov["channel_name"], markov[column]))
        with open(more[more.index("--credits") + 1], "w") as out:
            out.write("channel,first,last,linear,markov\n")
            for line in heuristics.sort_values("channel_name").to_dict("records"):
                name = line["channel_name"]
                touches = [line[f"{model}_touch_conversions"] for model in ("first", "last", "linear")]
                out.write(",".join([name, *map(repr, touches), repr(chain[name])]) + "\n")


main()
