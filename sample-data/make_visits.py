#!/usr/bin/env python3
"""Makes the data of dtc-templates/multi-touch-attribution: visits, sign-ups and orders of a tea shop that does not exist.

Run from anywhere: `python3 sample-data/make_visits.py`. Standard library only, seeded: the same script gives the same
file. Who truly makes people buy stands in CHANNELS, so that what the models say can be held against it.
"""

import json
import math
import sys
from datetime import datetime, timedelta, timezone

sys.dont_write_bytecode = True

from make import HERE, Dice, write_gzip

SEED = 20220714
START = datetime(2025, 4, 1, tzinfo=timezone.utc)
DAYS = 75
VISITORS = 3_200

# name: (weight of a first visit, weight of a later one, cost of a visit from-to, what it adds to the wish to buy)
CHANNELS = {
    "organic_search": (20, 12, None, 0.35),
    "google_ads": (15, 12, (0.70, 1.60), 0.50),
    "bing_ads": (4, 3, (0.40, 1.10), 0.45),
    "paid_social": (18, 5, (0.30, 0.90), 0.30),
    "organic_social": (8, 4, None, 0.15),
    "video": (9, 2, (0.25, 0.60), 0.75),
    "podcast": (4, 1, (0.90, 1.40), 0.95),
    "display": (10, 3, (0.10, 0.30), 0.00),
    "affiliate": (4, 8, (0.20, 0.50), 0.55),
    "email": (0, 16, (0.01, 0.02), 0.60),
    "retargeting": (0, 18, (0.30, 0.55), 0.05),
    "direct": (8, 16, None, 0.00),
}
# Rare enough for the `others` of a top list.
PARTNERS = ["partner_teablog", "partner_kettles", "partner_slowfood", "partner_zen", "partner_gifts"]
MONITOR = "uptime_monitor"
PRODUCTS = ["sencha", "oolong", "assam", "chai", "matcha", "mint", "teapot", "sampler"]
DEVICES = ["phone", "phone", "phone", "desktop", "tablet"]


def draw(dice, weights):
    place = dice.between(0.0, sum(weights.values()))
    for name, weight in weights.items():
        place -= weight
        if place < 0.0:
            return name
    return name


def channel_of(dice, visitor):
    """Retargeting follows whoever looked at a product, e-mail whoever signed up."""
    if dice.chance(0.025):
        return dice.pick(PARTNERS)
    if not visitor["seen"]:
        return draw(dice, {name: channel[0] for name, channel in CHANNELS.items()})
    weights = {name: channel[1] for name, channel in CHANNELS.items()}
    if not visitor["looked"]:
        weights["retargeting"] = 0
    if not visitor["signed_up"]:
        weights["email"] = 0
    return draw(dice, weights)


def visit(dice, visitor, now, events):
    """A visit with what is done in it; whether something was bought."""

    def add(event, **fields):
        at = now.isoformat(timespec="seconds").replace("+00:00", "Z")
        events.append({"at": at, "visitor": visitor["id"], "event": event, **fields})

    channel = channel_of(dice, visitor)
    cost = CHANNELS.get(channel, (0, 0, None, 0.2))[2]
    paid = {"cost": round(dice.between(*cost), 2)} if cost else {}
    add("visit", channel=channel, device=visitor["device"], **paid)
    visitor["seen"].add(channel)
    if dice.chance(0.02):
        # The page is loaded again: the same touch, a moment later.
        now += timedelta(seconds=dice.whole(5, 90))
        add("visit", channel=channel, device=visitor["device"])
    if dice.chance(0.4):
        now += timedelta(seconds=dice.whole(20, 300))
        add("product_viewed", product=dice.pick(PRODUCTS))
        visitor["looked"] = True
    if not visitor["signed_up"] and dice.chance(0.16):
        now += timedelta(seconds=dice.whole(20, 300))
        add("signed_up")
        visitor["signed_up"] = True
    wish = sum(CHANNELS.get(name, (0, 0, None, 0.2))[3] for name in visitor["seen"])
    if not dice.chance(min(0.8, 0.022 * visitor["taste"] * math.exp(wish))):
        return False
    now += timedelta(seconds=dice.whole(60, 900))
    add("order", order_id=dice.hex(8), amount=amount(dice))
    return True


def amount(dice):
    return round(9.0 + dice.wait(26.0), 2)


def live(dice, number, events):
    """One visitor's visits until interest is lost, or, after an order, until it wakes again."""
    visitor = {
        "id": f"v{number:04d}{dice.hex(3)}", "device": dice.pick(DEVICES), "taste": dice.between(0.4, 1.8),
        "seen": set(), "looked": False, "signed_up": False,
    }
    now = START + timedelta(days=dice.between(0, DAYS - 12))
    end = START + timedelta(days=DAYS)
    stays = dice.between(0.55, 0.88)
    while now < end:
        bought = visit(dice, visitor, now, events)
        if bought:
            visitor["seen"] = set()
            if not dice.chance(0.45):
                return
            now += timedelta(days=10 + dice.wait(9.0))
        elif not dice.chance(stays):
            return
        else:
            now += timedelta(days=dice.wait(2.6), seconds=1_900)


def phoned(dice, number, events):
    """An order by telephone: nobody knows what led to it."""
    at = START + timedelta(days=dice.between(0, DAYS))
    at = at.isoformat(timespec="seconds").replace("+00:00", "Z")
    events.append({"at": at, "visitor": f"phone{number:03d}", "event": "order", "order_id": dice.hex(8), "amount": amount(dice)})


def watched(events):
    """A program that asks each hour whether the shop is there."""
    for hour in range(0, DAYS * 24, 6):
        at = (START + timedelta(hours=hour)).isoformat(timespec="seconds").replace("+00:00", "Z")
        events.append({"at": at, "visitor": "monitor", "event": "visit", "channel": MONITOR, "device": "none"})


def main():
    dice = Dice(SEED)
    events = []
    for number in range(VISITORS):
        live(dice, number, events)
    for number in range(60):
        phoned(dice, number, events)
    watched(events)
    events.sort(key=lambda event: event["at"])
    lines = "".join(json.dumps(event, separators=(",", ":")) + "\n" for event in events).encode()
    write_gzip(HERE.parent / "dtc-templates" / "multi-touch-attribution" / "data" / "visits.jsonl.gz", lines)
    orders = sum(event["event"] == "order" for event in events)
    print(f"{len(events):,} events, {orders:,} orders", file=sys.stderr)


if __name__ == "__main__":
    main()
