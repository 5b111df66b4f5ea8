#!/usr/bin/env python3
"""Writes the same decisions in every layout that logs come in, and what policies are worth by them, by formulas that are
not ours: `pip install duckdb==2.0.0` (it writes the Parquet file), then `python3 make.py`."""

import csv
import json
import random
from datetime import datetime, timedelta, timezone
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
START = datetime(2026, 3, 1, tzinfo=timezone.utc)
ACTIONS = ["bonus", "gift", "none"]
LOGGED = {1: [0.5, 0.3, 0.2], 2: [0.2, 0.5, 0.3], 3: [0.25, 0.25, 0.5]}
CHOSEN = {1: {"gift": 0.75, "none": 0.25}, 2: {"bonus": 1.0}, 3: {"gift": 0.1, "bonus": 0.9}}

random.seed(6)


def decision(number):
    position = number % 3 + 1
    action = random.choices(range(3), LOGGED[position])[0]
    # Unlike each other, so that no two decisions can be mistaken.
    reward = 0 if random.random() < 0.4 else round(0.5 + action + number / 64, 6)
    return {
        "key": f"k{number:02}",
        "at": START + timedelta(minutes=number),
        "position": position,
        "action": ACTIONS[action],
        "probability": LOGGED[position][action],
        "reward": reward,
        "delay_ms": 1500 + 100 * number if reward else None,
        "pi": (number * 7 % 11) / 10 if number * 7 % 11 <= 10 else 0.5,
    }


DECISIONS = [decision(number) for number in range(64)]


def iso(at):
    return at.isoformat().replace("+00:00", "Z")


def ms(at):
    return int(at.timestamp() * 1000)


def table(name, header, rows):
    with open(HERE / name, "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def lines(name, records):
    text = "".join(r if isinstance(r, str) else json.dumps(r, separators=(",", ":")) + "\n" for r in records)
    (HERE / name).write_text(text)


HEAD = ["key", "time", "action", "probability", "reward", "position", "pi"]
ROWS = [[d["key"], iso(d["at"]), d["action"], d["probability"], d["reward"], d["position"], d["pi"]] for d in DECISIONS]
table("table.csv", HEAD, ROWS)
lines("table.jsonl", [dict(zip(HEAD, row)) for row in ROWS])
duckdb.sql(f"COPY (FROM '{HERE}/table.csv') TO '{HERE}/table.parquet' (FORMAT parquet, COMPRESSION zstd)")

table(
    "open-bandit.csv",
    ["", "timestamp", "item_id", "position", "click", "propensity_score", "pi"],
    [[n, d["at"].strftime("%Y-%m-%d %H:%M:%S.%f+00:00"), d["action"], d["position"], d["reward"], d["probability"], d["pi"]]
     for n, d in enumerate(DECISIONS)],
)

lines("records.jsonl", [
    {"id": f"0-{n}", "key": d["key"], "action": d["action"], "probability": d["probability"],
     "context": {"position": d["position"]}, "reward": d["reward"], "reward_delta_ms": d["delay_ms"],
     "decided_ms": ms(d["at"]), "emitted_ms": ms(d["at"]) + 10000, "pi": d["pi"]}
    for n, d in enumerate(DECISIONS)
])


def dsjson(d):
    chosen = ACTIONS.index(d["action"])
    ranked = [chosen] + [n for n in range(3) if n != chosen]
    return {
        "_label_cost": -d["reward"], "_label_probability": d["probability"], "_label_Action": chosen + 1,
        "_labelIndex": chosen, "Timestamp": iso(d["at"]), "Version": "1", "EventId": d["key"],
        "a": [n + 1 for n in ranked], "p": [LOGGED[d["position"]][n] for n in ranked],
        "c": {"S": {"position": d["position"]}, "_multi": [{"A": {"action": name}} for name in ACTIONS]},
        "VWState": {"m": "model/1"}, "pi": d["pi"],
    }


dangling = {"RewardValue": 9, "EnqueuedTimeUtc": iso(START), "EventId": "nobody", "Observations": []}
skipped = {**dsjson({**DECISIONS[0], "key": "skipped", "reward": 99}), "_skipLearn": True}
lines("vw.dsjson", [dangling, *[dsjson(d) for d in DECISIONS], "[checkpoint]\n", skipped])


# Decisions and rewards apart, with what is to join nothing: a reward before its decision, one behind the window, one of
# nobody, a decision that comes again, and one that was overridden.
def events():
    for n, d in enumerate(DECISIONS):
        at, key = ms(d["at"]), d["key"]
        yield {"kind": "decision", "key": key, "ts_ms": at, "d": d}
        if n % 5 == 0:
            yield {"kind": "reward", "key": key, "ts_ms": at - 1, "reward": 50}
            yield {"kind": "reward", "key": key, "ts_ms": at + 10001, "reward": 60}
        if n % 7 == 0:
            yield {"kind": "decision", "key": key, "ts_ms": at + 5, "d": {**d, "action": "none", "probability": 0.9}}
        if d["reward"]:
            if n % 3 == 0:
                yield {"kind": "reward", "key": key, "ts_ms": at + 1, "reward": 70}
            yield {"kind": "reward", "key": key, "ts_ms": at + d["delay_ms"], "reward": d["reward"]}
    yield {"kind": "reward", "key": "nobody", "ts_ms": ms(START), "reward": 80}
    yield {"kind": "decision", "key": "taken", "ts_ms": ms(START), "d": {**DECISIONS[0], "reward": 99}}
    yield {"kind": "override", "key": "taken", "ts_ms": ms(START) + 3}


EVENTS = list(events())
table(
    "events.csv",
    ["kind", "key", "ts_ms", "reward", "action", "probability", "context", "pi"],
    [[e["kind"], e["key"], e["ts_ms"], e.get("reward", ""),
      *([e["d"]["action"], e["d"]["probability"], json.dumps({"position": e["d"]["position"]}), e["d"]["pi"]]
        if "d" in e else ["", "", "", ""])] for e in EVENTS],
)


def raw(e):
    at = START + timedelta(milliseconds=e["ts_ms"] - ms(START))
    record = {"visit": e["key"], "time": iso(at)}
    if "d" in e:
        d = e["d"]
        return {**record, "event": "shown", "offer": d["action"], "p": d["probability"], "where": {"position": d["position"]},
                "pi": d["pi"]}
    return {**record, **({"event": "paid", "cents": round(e["reward"] * 1e6)} if "reward" in e else {"event": "taken back"})}


lines("raw.jsonl", [raw(e) for e in EVENTS])

table("policy.csv", ["position", "action", "probability"],
      [[position, action, p] for position, all in CHOSEN.items() for action, p in all.items()])

# By name: as the command line takes it, and the probability of a decision's action.
POLICIES = {
    "logged": ("logged", lambda d: d["probability"]),
    "chance": ("uniform", lambda d: 1 / 3),
    "always_gift": ("constant:gift", lambda d: float(d["action"] == "gift")),
    "by_position": ("expression:'gift' if context.position == 2 else 'bonus'",
                    lambda d: float(d["action"] == ("gift" if d["position"] == 2 else "bonus"))),
    "half_gift": ("expression:0.5 if action == 'gift' else 0.25", lambda d: 0.5 if d["action"] == "gift" else 0.25),
    "of_column": ("column:pi", lambda d: d["pi"]),
    "of_file": ("file:policy.csv", lambda d: CHOSEN[d["position"]].get(d["action"], 0.0)),
    "of_script": ("rhai:functions/policy.rhai#choose", lambda d: CHOSEN[d["position"]].get(d["action"], 0.0)),
}


def worth(policy):
    weights = [policy(d) / d["probability"] for d in DECISIONS]
    rewards = [d["reward"] for d in DECISIONS]
    total = lambda weights: sum(w * r for w, r in zip(weights, rewards))
    return {
        "ipw": total(weights) / len(weights),
        "snipw": total(weights) / sum(weights),
        "ipw_clip2": total([min(w, 2) for w in weights]) / len(weights),
        "ess": sum(weights) ** 2 / sum(w * w for w in weights),
    }


expected = {"decisions": len(DECISIONS), "policies": {name: {"policy": text, **worth(policy)} for name, (text, policy) in POLICIES.items()}}
(HERE / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")
