"""Makes the events of dtc-templates/bandit-join: what the front page of a newspaper that does not exist would log while a
policy chooses its headlines. Standard library only, seeded: the same script gives the same file."""

import gzip
import io
import json
import math
import pathlib
import random
from datetime import datetime, timedelta, timezone

HEADLINES = ["analysis", "live_blog", "interview", "you_wont_believe"]
START = datetime(2025, 5, 5, 6, 0, tzinfo=timezone.utc)
VISITS = 2400
WINDOW = 30.0

draw = random.Random(20250505)


def truth(headline, reader):
    """Chance of a click, and how much of it is regretted within seconds."""
    base = {"analysis": 0.20, "live_blog": 0.26, "interview": 0.17, "you_wont_believe": 0.45}[headline]
    regret = {"analysis": 0.05, "live_blog": 0.10, "interview": 0.06, "you_wont_believe": 0.80}[headline]
    if reader["subscriber"]:
        base *= {"analysis": 1.6, "interview": 1.3}.get(headline, 0.8)
    if reader["device"] == "phone":
        base *= 1.5 if headline == "live_blog" else 0.9
    return min(base, 0.9), regret


def policy(reader, progress):
    """Draws evenly at first, then ever more what this kind of reader reads."""
    scores = {"analysis": 0.2, "live_blog": 0.1, "interview": 0.0, "you_wont_believe": -0.4}
    if reader["subscriber"]:
        scores["analysis"] += 0.8
    if reader["device"] == "phone":
        scores["live_blog"] += 0.9
    weights = [math.exp(2.0 * progress * scores[headline]) for headline in HEADLINES]
    return [0.8 * weight / sum(weights) + 0.05 for weight in weights]


def stamp(moment):
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def main():
    events = []

    def add(moment, kind, **fields):
        # Some seconds of disorder on the way.
        arrival = moment + timedelta(seconds=draw.expovariate(2.0))
        events.append((arrival, len(events), {"time": stamp(moment), "event": kind, **fields}))

    moment = START
    for visit in range(VISITS):
        moment += timedelta(seconds=draw.expovariate(1 / 18.0))
        reader = {
            "device": draw.choices(["phone", "desktop", "tablet"], [5, 4, 1])[0],
            "subscriber": draw.random() < 0.3,
            "hour": moment.hour,
        }
        chances = policy(reader, visit / VISITS)
        at = draw.choices(range(len(HEADLINES)), chances)[0]
        headline, key = HEADLINES[at], f"v{visit:05}"
        shown = {"visit": key, "headline": headline, "probability": round(chances[at], 6), "reader": reader}
        add(moment, "headline_shown", **shown)
        if draw.random() < 0.008:
            add(moment + timedelta(seconds=draw.uniform(0.1, 3)), "headline_shown", **shown)
        if draw.random() < 0.02:
            add(moment + timedelta(seconds=draw.uniform(-2, 8)), "editor_pinned", visit=key)
        click, regret = truth(headline, reader)
        if draw.random() >= click:
            continue
        after = draw.lognormvariate(1.2, 0.8)
        if draw.random() < 0.03:
            after = WINDOW + draw.expovariate(1 / 60.0)
        if draw.random() < 0.015:
            after = -draw.uniform(0.2, 2.0)
        clicked = moment + timedelta(seconds=after)
        add(clicked, "article_opened", visit=key, value=1)
        if draw.random() < regret:
            add(clicked + timedelta(seconds=draw.uniform(1, 6)), "returned_at_once", visit=key, value=0)
        if draw.random() < 0.01:
            add(clicked, "article_opened", visit=f"x{visit:05}", value=1)
    events.sort(key=lambda event: event[:2])
    text = "".join(json.dumps(event, separators=(",", ":")) + "\n" for _, _, event in events)
    out = pathlib.Path(__file__).parent.parent / "dtc-templates/bandit-join/data/headlines.jsonl.gz"
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as file:
        file.write(text.encode())
    out.write_bytes(packed.getvalue())


main()
