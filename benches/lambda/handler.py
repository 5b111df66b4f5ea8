"""The streaming document of tests/suite/bundles/offer, written by hand for Python's runtime on Lambda, as somebody would who
cares: it loads an identity's rows, runs its new events, and writes rows and read position in one transaction."""

import base64
import datetime
import json
import os

import boto3

TABLE, POSITIONS = os.environ["ROWS"], os.environ["POSITIONS"]
dynamodb = boto3.client("dynamodb", endpoint_url=os.environ.get("AWS_ENDPOINT_URL"))

USER = {"country": "", "os": "", "facebook_connected": False, "sessions": 0, "spent": 0.0}
SESSION = {
    "_start_time": None, "_end_time": None, "games_played": 0, "games_won": 0, "win_ratio": 0.0, "level": 0,
    "offer_type": "", "offer_price": 0.0, "offer_band": "", "offer_purchased": False, "purchase_amount": 0.0,
}


def moment(text):
    time = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return time if time.tzinfo else time.replace(tzinfo=datetime.timezone.utc)


def price_band(price):
    return "low" if price < 2.5 else "middle" if price < 10.0 else "high"


def apply(event, time, user, sessions):
    kind = event["event_id"]
    if kind == "app_launched":
        user["country"] = event.get("country", user["country"])
        user["os"] = event.get("os", user["os"])
        user["facebook_connected"] = event.get("signin_method") == "fb"
        user["sessions"] += 1
    if kind == "purchase":
        user["spent"] += float(event["txn_amount"])
    session = sessions.setdefault(event["session_id"], dict(SESSION, session_id=event["session_id"]))
    stamp = time.isoformat(timespec="microseconds")
    session["_start_time"] = min(session["_start_time"] or stamp, stamp)
    session["_end_time"] = max(session["_end_time"] or stamp, stamp)
    if kind == "game_start":
        session["games_played"] += 1
    elif kind == "game_end":
        if event.get("won") == "1":
            session["games_won"] += 1
        if session["games_played"] > 0:
            session["win_ratio"] = session["games_won"] / session["games_played"]
        session["level"] = event["level"]
    elif kind == "offer_shown":
        session["offer_type"] = event["offer_type"]
        session["offer_price"] = float(event["offer_price"])
        session["offer_band"] = price_band(session["offer_price"])
    elif kind == "purchase":
        session["purchase_amount"] += float(event["txn_amount"])
        if event.get("purchase_source") == "offer":
            session["offer_purchased"] = True


def attribute(value):
    if value is None:
        return {"NULL": True}
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, (int, float)):
        return {"N": repr(value)}
    return {"S": value}


def value_of(attribute):
    kind, value = next(iter(attribute.items()))
    if kind == "N":
        return float(value) if "." in value or "e" in value else int(value)
    return None if kind == "NULL" else value


def load(identity):
    key = {"partition_key": {"S": identity}}
    position = dynamodb.get_item(TableName=POSITIONS, Key=key, ConsistentRead=True).get("Item", {})
    user, sessions = dict(USER), {}
    pages = dynamodb.get_paginator("query").paginate(
        TableName=TABLE, ConsistentRead=True, KeyConditionExpression="partition_key = :id",
        ExpressionAttributeValues={":id": {"S": identity}})
    for page in pages:
        for item in page["Items"]:
            row = {name: value_of(value) for name, value in item.items()}
            range_key = row.pop("range_key")
            del row["partition_key"]
            if range_key == "user//":
                user = row
            else:
                sessions[row["session_id"]] = row
    return position, user, sessions


def commit(identity, position, user, sessions, changed, sequence):
    puts = [("user//", user)] + [(f"game_stats/{key}/", sessions[key]) for key in changed]
    writes = []
    for range_key, row in puts:
        item = {name: attribute(value) for name, value in row.items()}
        item.update(partition_key={"S": identity}, range_key={"S": range_key})
        writes.append({"Put": {"TableName": TABLE, "Item": item}})
    version = int(position["version"]["N"]) if position else 0
    put = {"TableName": POSITIONS, "Item": {
        "partition_key": {"S": identity}, "version": {"N": str(version + 1)}, "last": {"S": sequence}}}
    if position:
        put.update(ConditionExpression="version = :v", ExpressionAttributeValues={":v": {"N": str(version)}})
    else:
        put["ConditionExpression"] = "attribute_not_exists(partition_key)"
    dynamodb.transact_write_items(TransactItems=writes + [{"Put": put}])


def handle(batch, _context):
    groups = {}
    for record in batch["Records"]:
        event = json.loads(base64.b64decode(record["kinesis"]["data"]))
        entry = (moment(event["event_time"]), record["kinesis"]["sequenceNumber"], event)
        groups.setdefault(event["customer_identifier"], []).append(entry)
    failures = []
    for identity, events in groups.items():
        try:
            position, user, sessions = load(identity)
            last = position.get("last", {}).get("S", "")
            fresh = sorted((e for e in events if (len(e[1]), e[1]) > (len(last), last)), key=lambda entry: entry[0])
            if not fresh:
                continue
            for time, _, event in fresh:
                apply(event, time, user, sessions)
            changed = dict.fromkeys(event["session_id"] for _, _, event in fresh)
            commit(identity, position, user, sessions, changed, max((e[1] for e in fresh), key=lambda s: (len(s), s)))
        except Exception as error:
            print(json.dumps({"level": "ERROR", "identity": identity, "reason": str(error)}))
            failures.append(min((e[1] for e in events), key=lambda s: (len(s), s)))
    lowest = min(failures, key=lambda s: (len(s), s), default=None)
    return {"batchItemFailures": [{"itemIdentifier": lowest}] if lowest else []}
