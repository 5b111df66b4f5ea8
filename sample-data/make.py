#!/usr/bin/env python3
"""Makes the sample data of this folder and of dtc-templates/offer-ai. Standard library only, seeded.

Run from anywhere: `python3 sample-data/make.py`. The same script gives the same files. Only `random()` of the generator is used, because its sequence is the one
that Python promises to keep.
"""

import gzip
import json
import math
import random
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

HERE = Path(__file__).resolve().parent
TEMPLATE_DATA = HERE.parent / "dtc-templates" / "offer-ai" / "data"
SEED = 20180313
START = datetime(2025, 3, 3, tzinfo=timezone.utc)  # a Monday
DAYS = 21
USERS = 300

# name: (price, chance of a purchase, what makes it better)
OFFERS = {
    "starter_pack": (1.99, 0.05, "new"),
    "daily_deal": (2.99, 0.10, None),
    "coin_doubler": (0.99, 0.24, "lost"),
    "weekend_special": (4.99, 0.07, "weekend"),
    "spring_sale": (6.99, 0.06, "third_week"),
    "vip_bundle": (19.99, 0.02, "spender"),
}
BOOST = {"new": 5.0, "lost": 1.4, "weekend": 2.6, "third_week": 3.6, "spender": 6.0}
COUNTRIES = [("US", "en"), ("DE", "de"), ("BR", "pt"), ("IN", "en"), ("JP", "ja"), ("FR", "fr"), ("MX", "es")]
DEVICES = [
    ("Android", "14", "phone", "Google", "Pixel 8"), ("Android", "13", "phone", "Samsung", "Galaxy A54"),
    ("Android", "12", "tablet", "Lenovo", "Tab M10"), ("iOS", "17.4", "phone", "Apple", "iPhone 14"),
    ("iOS", "16.7", "tablet", "Apple", "iPad 9"),
]
SIGN_IN = ["guest", "guest", "fb", "email"]


class Dice:
    """Draws by `random()` alone."""

    def __init__(self, seed):
        self.next = random.Random(seed).random

    def chance(self, p):
        return self.next() < p

    def between(self, low, high):
        return low + (high - low) * self.next()

    def whole(self, low, high):
        return low + int((high - low + 1) * self.next())

    def pick(self, items):
        return items[int(len(items) * self.next())]

    def wait(self, mean):
        return -mean * math.log(1.0 - self.next())

    def hex(self, digits):
        return "".join(self.pick("0123456789abcdef") for _ in range(digits))


def make_user(dice, number):
    country, language = dice.pick(COUNTRIES)
    os_name, os_version, kind, make, model = dice.pick(DEVICES)
    return {
        "id": f"u{number:04d}-{dice.hex(4)}",
        "launch": {
            "country": country, "language": language, "signin_method": dice.pick(SIGN_IN),
            "package_name": "stonefall", "package_version": dice.pick(["1.0", "1.0", "1.1"]),
            "os": os_name, "os_version": os_version, "device_type": kind, "device_make": make, "device_model": model,
        },
        "skill": dice.between(0.25, 0.75),
        "spender": dice.chance(0.12),
        "coins": dice.whole(200, 4000),
        "level": dice.whole(1, 9),
        "first_day": 0 if dice.chance(0.6) else dice.between(0, 12),
    }


def conversion(offer, user, sessions, at, lost):
    """The truth behind the charts: chance that this offer is bought now."""
    _, base, taste = OFFERS[offer]
    holds = {
        "new": sessions == 0, "lost": lost, "weekend": at.weekday() >= 5,
        "third_week": (at - START).days >= 14, "spender": user["spender"],
    }
    return base * (BOOST[taste] if taste and holds[taste] else 1.0)


def choose_offer(dice, user, sessions, at):
    """The policy that the log was written under: even draws in week 1, then ever more of its favourite."""
    names = list(OFFERS)
    week = (at - START).days // 7
    favourite = "starter_pack" if sessions == 0 else "vip_bundle" if user["spender"] else \
        "weekend_special" if at.weekday() >= 5 else "spring_sale" if week == 2 else "daily_deal"
    share = (0.0, 0.45, 0.7)[min(week, 2)]
    chosen = favourite if dice.chance(share) else dice.pick(names)
    probability = (1 - share) / len(names) + (share if chosen == favourite else 0.0)
    return chosen, round(probability, 4)


def play_session(dice, user, sessions, at, decision_number):
    """Events of one session, as (time, fields) in order."""
    session_id = f"s-{dice.hex(8)}"
    events = []

    def say(event_id, **fields):
        events.append((at, {
            "event_id": event_id, "customer_identifier": user["id"], "session_id": session_id, **fields,
        }))

    say("app_launched", **user["launch"])
    lost = False
    for _ in range(1 + int(dice.wait(1.3))):
        at += timedelta(seconds=4 + dice.wait(25))
        say("game_start", level=user["level"], currency_balance=str(user["coins"]))
        at += timedelta(seconds=60 + dice.wait(150))
        won = dice.chance(user["skill"])
        lost = not won
        user["coins"] = max(0, user["coins"] + (150 if won else -60))
        user["level"] += 1 if won else 0
        say("game_end", level=user["level"], currency_balance=str(user["coins"]),
            score=dice.whole(800, 9900), won="1" if won else "0")
        if dice.chance(0.02):
            at += timedelta(seconds=dice.wait(20))
            say("purchase", sku=f"coins-{dice.whole(1, 4)}", txn_amount="1.99", purchase_source="shop")
    if dice.chance(0.72):
        at += timedelta(seconds=2 + dice.wait(6))
        show_offer(dice, user, sessions, at, lost, decision_number, events)
    return events


def show_offer(dice, user, sessions, at, lost, decision_number, events):
    offer, probability = choose_offer(dice, user, sessions, at)
    price = OFFERS[offer][0]
    decision = f"d{decision_number:05d}"
    base = {"event_id": "offer_shown", "customer_identifier": user["id"],
            "session_id": events[0][1]["session_id"], "decision_id": decision, "offer_type": offer,
            "offer_price": f"{price:.2f}", "probability": probability}
    events.append((at, base))
    if dice.chance(0.006):
        events.append((at, dict(base)))  # delivered twice
    if dice.chance(0.015):
        events.append((at + timedelta(seconds=dice.between(-3, 8)), {
            "event_id": "offer_overridden", "customer_identifier": user["id"],
            "session_id": base["session_id"], "decision_id": decision, "reason": dice.pick(["campaign", "support"]),
        }))
    if dice.chance(conversion(offer, user, sessions, at, lost)):
        paid = {"event_id": "purchase", "customer_identifier": user["id"], "session_id": base["session_id"],
                "decision_id": decision, "sku": offer, "txn_amount": f"{price:.2f}", "purchase_source": "offer"}
        delay = 3 + dice.wait(32)
        if dice.chance(0.01):
            delay = -dice.between(1, 4)  # a device whose clock is behind
        if dice.chance(0.012):
            paid["decision_id"] = f"x{decision_number:05d}"  # its decision was never logged
        events.append((at + timedelta(seconds=delay), paid))


def stamp(at):
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def make_events():
    dice = Dice(SEED)
    timeline = []
    decision_number = 0
    for number in range(USERS):
        user = make_user(dice, number)
        day, sessions = user["first_day"] + dice.between(0, 1.5), 0
        pace = dice.between(1.0, 4.4)
        while day < DAYS:
            at = START + timedelta(days=day)
            decision_number += 1
            timeline += play_session(dice, user, sessions, at, decision_number)
            sessions += 1
            day += 0.3 + dice.wait(pace)
    # As a collector writes them: by arrival, which is the event's time and some seconds of travel.
    arrival = [(at + timedelta(seconds=dice.wait(4)), at, fields) for at, fields in timeline]
    arrival.sort(key=lambda item: item[0])
    return [{"event_time": stamp(at), **fields} for _, at, fields in arrival]


def bad_lines(good):
    """Whole events with every kind of broken line between them. README.md says which is which."""
    line = [json.dumps(event).encode() for event in good]
    without = lambda event, key: json.dumps({k: v for k, v in event.items() if k != key}).encode()
    with_value = lambda event, key, value: json.dumps({**event, key: value}).encode()
    return [
        line[0], line[1],
        line[2][: len(line[2]) // 2],                          # 3 cut off in the middle
        line[3],
        b"",                                                   # 5 empty line
        b"   \t ",                                             # 6 only blanks
        without(good[4], "customer_identifier"),               # 7 no identity
        with_value(good[5], "customer_identifier", ""),        # 8 empty identity
        with_value(good[6], "customer_identifier", "   "),     # 9 blank identity
        with_value(good[7], "customer_identifier", None),      # 10 null identity
        line[8],
        without(good[9], "event_time"),                        # 12 no time
        with_value(good[10], "event_time", "yesterday"),       # 13 text that is no time
        with_value(good[11], "event_time", "2025-02-30T10:00:00Z"),  # 14 a day that does not exist
        with_value(good[12], "event_time", 1741000000),        # 15 a number for a time
        with_value(good[13], "event_time", None),              # 16 null time
        line[14], line[15],
        b"[1, 2, 3]",                                          # 19 a list
        b"42",                                                 # 20 a number
        b'"game_start"',                                       # 21 a text
        b"null",                                               # 22 null
        line[16][:-1] + b",}",                                 # 23 comma before the brace
        line[17].replace(b": ", b" ", 1),                      # 24 no colon
        line[18][:-1] + b', "note": "bad \xff\xfe bytes"}',    # 25 bytes that are not UTF-8
        line[19][:-1] + b', "note": "a\tb"}',                  # 26 raw tab inside a text
        line[20],
        b'{"event_id": "game_end", "score": NaN',              # 28 NaN and cut off
        b"2025-03-03 10:00:00 INFO service restarted",         # 29 a log line
        b"<html><body>502 Bad Gateway</body></html>",          # 30 an error page
        b"[" * 300,                                            # 31 deep brackets
        with_value(good[21], "customer_identifier", {"id": 7}),  # 32 an object for an identity
        with_value(good[22], "customer_identifier", 4711),     # 33 fine: a number's text is an identity
        line[23][:-1] + b', "session_id": "twice"}',           # 34 fine: a key twice, the last one counts
        b"\xef\xbb\xbf" + line[24],                            # 35 a byte order mark in the middle
        line[25] + b" " + line[26],                            # 36 fine: two objects on one line
        line[27], line[28], line[29],
        line[30][: len(line[30]) - 1],                         # 40 the last brace is missing, at the end
    ]


def python_style(events):
    """Records as Python prints dicts, in two lists, one field a line: the way old documents show them."""
    blocks = []
    for part in (events[:14], events[14:30]):
        records = []
        for event in part:
            fields = ",\n".join(f"{key!r}: {value!r}" for key, value in event.items())
            records.append("{\n" + fields + "\n}")
        blocks.append("[\n" + ",\n\n".join(records) + "\n]\n")
    return "\n".join(blocks)


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    print(f"{path.relative_to(HERE.parent)}: {len(data):,} bytes", file=sys.stderr)


def write_gzip(path, data):
    """Left alone when it already holds the data: zlib versions pack the same data differently."""
    if path.exists() and gzip.decompress(path.read_bytes()) == data:
        return
    write(path, gzip.compress(data, 9, mtime=0))


def main():
    events = make_events()
    lines = "".join(json.dumps(event) + "\n" for event in events).encode()
    write(HERE / "offer-events.jsonl", lines)
    write_gzip(TEMPLATE_DATA / "offer-events.jsonl.gz", lines)
    write(HERE / "offer-events-bad.jsonl", b"\n".join(bad_lines(events)))
    shown = [dict(event) for event in events[40:70]]
    shown[0]["nickname"] = "O'Brien \"the rock\""
    shown[1]["beta_tester"], shown[2]["beta_tester"], shown[3]["referrer"] = True, False, None
    write(HERE / "offer-python-style.txt", python_style(shown).encode())
    print(f"{len(events):,} events", file=sys.stderr)


if __name__ == "__main__":
    main()
