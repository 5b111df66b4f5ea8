"""LANGUAGE.md as plainly as it can be said: slow, without plan, slots or caches, expressions by Python's own `eval`.

Reads one request per line (documents as `documents.rs` writes them, lines of events) and answers each with one line:
what the engine must give. Knows nothing of the engine. What it refuses: attribution, joins, Rhai, anchors by chance.
"""

import datetime
import functools
import importlib
import json
import sys
import traceback
import zoneinfo

UTC = datetime.timezone.utc
compiled = functools.lru_cache(maxsize=4096)(lambda text: compile(text.strip(), "expression", "eval"))


class Record(dict):
    """An event or a part of it (B.4): a missing key is None at every level; dict's methods go before keys."""

    def __getitem__(self, key):
        return reached(self.get(key))

    def __getattr__(self, name):
        return reached(self.get(name))


class RecordList(list):
    """A list in an event: what an index or a slice gives is a record, what iterating gives is plain."""

    def __getitem__(self, key):
        return reached(super().__getitem__(key))


def reached(value):
    if type(value) is dict:
        return Record(value)
    return RecordList(value) if type(value) is list else value


class FieldMap(dict):
    """Values of map, list and set fields (B.8): what would return nothing returns the collection."""

    def set(self, key, value):
        if key is not None:
            self[key] = value
        return self

    def increment(self, key, by=1):
        if key is not None:
            self[key] = self.get(key, 0) + by
        return self

    def update(self, *others, **names):
        super().update(*others, **names)
        return self

    def clear(self):
        super().clear()
        return self


class FieldList(list):
    def append(self, item):
        if item is not None:
            super().append(item)
        return self

    def insert(self, place, item):
        if item is not None:
            super().insert(place, item)
        return self

    def extend(self, items):
        super().extend(items)
        return self

    def remove(self, item):
        super().remove(item)
        return self

    def reverse(self):
        super().reverse()
        return self

    def sort(self, **how):
        super().sort(**how)
        return self

    def clear(self):
        super().clear()
        return self


class FieldSet(set):
    def add(self, item):
        if item is not None:
            super().add(item)
        return self

    def update(self, *others):
        super().update(*others)
        return self

    def discard(self, item):
        super().discard(item)
        return self

    def remove(self, item):
        super().remove(item)
        return self

    def clear(self):
        super().clear()
        return self

    def __repr__(self):
        return repr(set(self))


class Fields:
    """An aggregate as expressions see it: `name.field` and `name['field']`."""

    def __init__(self, values):
        self.__dict__ = values

    def __getitem__(self, name):
        return self.__dict__[name]


def parse_time(text, format=None):
    """A.3: fails to None."""
    if isinstance(text, datetime.datetime):
        return text
    try:
        if format is None:
            return datetime.datetime.fromisoformat(text.strip())
        letters = [("YYYY", "%Y"), ("mm", "%m"), ("dd", "%d"), ("HH", "%H"), ("MM", "%M"), ("SS", "%S")]
        for letter, directive in letters if "%" not in format else []:
            format = format.replace(letter, directive)
        return datetime.datetime.strptime(text, format)
    except (ValueError, AttributeError, TypeError):
        return None


def copied(value):
    """Another collection with the same items; fields do not share them."""
    if isinstance(value, dict):
        return type(value)((key, copied(inner)) for key, inner in value.items())
    return type(value)(copied(inner) for inner in value) if isinstance(value, (list, set, tuple)) else value


def with_offset(time):
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def default(kind):
    made = {"integer": int, "float": float, "string": str, "boolean": bool}.get(kind)
    made = made or {"map": FieldMap, "list": FieldList, "set": FieldSet}.get(kind)
    return made() if made else None


def cast(kind, value, blurr):
    """The value as the field's type (B.8, A.5), or an exception: refused."""
    if kind == "integer":
        return value if blurr and isinstance(value, bool) else int(value)
    if kind == "float":
        return float(value)
    if kind == "string":
        return str(value)
    if kind == "boolean":
        if blurr or not isinstance(value, str):
            return bool(value)
        return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[value.strip().lower()]
    if kind == "datetime":
        if isinstance(value, str) and not blurr:
            value = datetime.datetime.fromisoformat(value.strip())
        return with_offset(value.replace())
    return copied({"map": FieldMap, "list": FieldList, "set": FieldSet}[kind](value))


def imports(document):
    names = {"parse_time": parse_time}
    for item in document["imports"]:
        if not item["identifiers"]:
            exec(f"import {item['module']}", names)
        for name in item["identifiers"]:
            exec(f"from {item['module']} import {name}", names)
    return names


class Aborted(Exception):
    """Blurr ends here, and prints nothing."""


class Faults:
    def __init__(self):
        self.counts = {}

    def add(self, place, kind):
        self.counts[f"{place}: {kind}"] = self.counts.get(f"{place}: {kind}", 0) + 1


class Evaluator:
    """What streaming and window documents share: conditions and fields."""

    def attempt(self, place, text, own=None):
        """The expression's value; None where it fails, which is counted."""
        try:
            return eval(compiled(text), self.scope(own))
        except NameError:
            if self.blurr:
                raise Aborted
            self.faults.add(place, "NameError")
        except Exception as error:
            self.faults.add(place, type(error).__name__)
        return None

    def holds(self, place, text, own=None):
        return text is None or bool(self.attempt(place, text, own))

    def field_value(self, aggregate, field, own):
        """A field's new value, or None to keep the old one."""
        place = f"{aggregate['name']}.{field['name']}"
        if not self.holds(place + " (When)", field["when"], own):
            return None
        value = self.attempt(place, field["value"], own)
        if value is None:
            return None
        try:
            return cast(field["type"], value, self.blurr)
        except Exception:
            self.faults.add(place, "cast")
            return None

    def set_fields(self, aggregate, values):
        for field in aggregate["fields"]:
            value = self.field_value(aggregate, field, values)
            if value is not None:
                values[field["name"]] = value


class Stream(Evaluator):
    """One identity's events through the aggregates of a streaming document (B.6, B.7)."""

    def __init__(self, document, identity, blurr, faults):
        self.document, self.identity, self.blurr, self.faults = document, identity, blurr, faults
        self.names = imports(document)
        self.values = {aggregate["name"]: defaults(aggregate) for aggregate in document["aggregates"]}
        # By aggregate: dimension values of the open record, and whether an event ran its fields.
        self.open = {}
        self.entered = {}
        # By aggregate: the record that was open before, for as long as no event enters the new one.
        self.left = {}
        self.stored = {}
        self.event = None

    def scope(self, own):
        names = dict(self.names) if self.blurr or own is None else {**own, **self.names}
        names.update(source=self.event["source"], time=self.event["time"], identity=self.identity)
        names.update((name, Fields(values)) for name, values in self.values.items())
        return names

    def run(self, events):
        for self.event in events:
            if self.holds("When", self.document["when"]):
                self.reset_variables()
                for aggregate in self.document["aggregates"]:
                    getattr(self, aggregate["kind"])(aggregate)

    def reset_variables(self):
        for aggregate in self.document["aggregates"] if not self.blurr else []:
            if aggregate["kind"] == "variable":
                self.values[aggregate["name"]] = defaults(aggregate)

    def accepts(self, aggregate):
        name = aggregate["name"]
        return self.holds(f"{name} (When)", aggregate["when"], self.values[name])

    def enter(self, aggregate):
        """Implicit fields, then the others, in order."""
        name = aggregate["name"]
        values = self.values[name]
        self.entered[name] = True
        values["_identity"] = self.identity
        if "_start_time" in values:
            time = self.event["time"]
            if values["_start_time"] is None or time < values["_start_time"]:
                values["_start_time"] = time
            if values["_end_time"] is None or time > values["_end_time"]:
                values["_end_time"] = time
        self.set_fields(aggregate, values)

    def variable(self, aggregate):
        if self.accepts(aggregate):
            self.enter(aggregate)

    def keyed(self, aggregate):
        name = aggregate["name"]
        if not self.accepts(aggregate):
            return
        new = {}
        for dimension in aggregate["dimensions"]:
            value = self.field_value(aggregate, dimension, self.values[name])
            if value is None:
                return
            new[dimension["name"]] = value
        if self.blurr and name in self.open:
            # Blurr compares with the copies among the fields.
            same = all(self.values[name][key] == value for key, value in new.items())
        else:
            same = self.open.get(name) == new
        if not same:
            if self.entered.get(name):
                self.left[name] = self.values[name]
            self.close(aggregate)
            self.open[name] = new
            found = self.stored.get((name, self.key(aggregate)))
            self.entered[name] = found is not None
            self.values[name] = restored(aggregate, found, self.blurr) if found else defaults(aggregate)
        if self.accepts(aggregate):
            self.enter(aggregate)
            self.values[name].update(new)

    identity_aggregate = block = keyed

    def session(self, aggregate):
        name = aggregate["name"]
        if aggregate["split"] and self.values[name]["_start_time"] is not None:
            if self.attempt(f"{name} (Split)", aggregate["split"], self.values[name]) is True:
                self.close(aggregate)
                self.values[name] = defaults(aggregate)
        if self.accepts(aggregate):
            self.enter(aggregate)

    def activity(self, aggregate):
        name = aggregate["name"]
        closed = [block for block in self.records(name) if block["_start_time"] is not None]
        if self.values[name]["_start_time"] is None and closed:
            self.values[name] = restored(aggregate, max(closed, key=lambda block: block["_start_time"]), self.blurr)
        start, end = self.values[name]["_start_time"], self.values[name]["_end_time"]
        gap = datetime.timedelta(seconds=aggregate["gap"])
        if start is not None and (self.event["time"] < start - gap or self.event["time"] > end + gap):
            self.close(aggregate)
            self.values[name] = defaults(aggregate)
        if self.accepts(aggregate):
            self.enter(aggregate)

    def key(self, aggregate):
        if aggregate["kind"] in ("session", "activity"):
            start = self.values[aggregate["name"]]["_start_time"]
            return "/" + (start.isoformat() if start else "")
        texts = [str(value) for value in self.open.get(aggregate["name"], {}).values()]
        if not self.blurr:
            texts = [escaped(text) for text in texts]
        return ":".join(texts) + "/"

    def close(self, aggregate):
        """Stores the record at hand; one that no event entered is kept only by Blurr (A.14)."""
        name = aggregate["name"]
        timed = aggregate["kind"] in ("session", "activity")
        if timed and self.values[name]["_start_time"] is None and not self.blurr:
            return
        if not timed and not self.entered.get(name) and not (self.blurr and name in self.open):
            return
        self.stored[name, self.key(aggregate)] = copied(self.values[name])

    def finish(self):
        for aggregate in self.document["aggregates"]:
            # A Variable without a store is not stored (B.7).
            if aggregate["kind"] != "variable" or aggregate["store"]:
                self.close(aggregate)

    def latest(self, aggregate):
        """The open record, or the one before where no event entered it: such a one is no record (A.14)."""
        name = aggregate["name"]
        return self.values[name] if self.entered.get(name) else self.left.get(name, defaults(aggregate))

    def records(self, name):
        return [values for (aggregate, _), values in self.stored.items() if aggregate == name]


def defaults(aggregate):
    values = {"_identity": ""}
    if aggregate["kind"] in ("block", "session", "activity"):
        values.update(_start_time=None, _end_time=None)
    for field in aggregate["fields"] + aggregate.get("dimensions", []):
        values[field["name"]] = default(field["type"])
    return values


def restored(aggregate, values, blurr):
    values = copied(values)
    for field in aggregate["fields"]:
        if isinstance(values[field["name"]], bool) and field["type"] == "integer":
            values[field["name"]] = int(values[field["name"]])
    return values


def escaped(text):
    return text.replace("%", "%25").replace("/", "%2F").replace(":", "%3A")


class Rows(Evaluator):
    """One identity's rows of a window document (B.10, A.8 to A.13)."""

    def __init__(self, request, stream, events, faults):
        self.document, self.streaming = request["window"], request["streaming"]
        self.stream, self.events, self.faults = stream, events, faults
        self.identity, self.blurr = stream.identity, stream.blurr
        self.names = imports(self.document)
        self.by_name = {aggregate["name"]: aggregate for aggregate in self.streaming["aggregates"]}
        self.own = {}
        self.list_name = None

    def scope(self, own):
        names = dict(self.names) if self.blurr or own is None else {**own, **self.names}
        names["identity"] = self.identity
        shown = {name: Fields(values) for name, values in self.shown.items()}
        names[self.streaming["name"]] = Fields(shown)
        names.update((name, Fields(values)) for name, values in self.own.items())
        names["anchor"] = Record(self.shown[self.document["anchor"]])
        if self.source is not None:
            names["source"] = self.source
            if self.list_name:
                names[self.list_name] = self.source
        return names

    def run(self, rows_so_far):
        """(rows, dropped anchors) of every stored block, in the order of the store."""
        document, anchor = self.document, self.document["anchor"]
        final = {}
        for name, aggregate in self.by_name.items():
            records = self.stream.records(name)
            final[name] = restored(aggregate, records[-1], self.blurr) if records else defaults(aggregate)
        rows, dropped, counts = [], [], {}
        for block in self.stream.records(anchor):
            period = "all"
            if document["max_per"] == "day":
                period = block["_start_time"].date() if block["_start_time"] else None
            if document["max_per"] == "run":
                counts["all"] = rows_so_far + len(rows)
            if document["max"] is not None and counts.get(period, 0) >= document["max"]:
                continue
            self.shown = {**copied(final), **self.past(block), anchor: copied(block)}
            self.own = {aggregate["name"]: defaults(aggregate) for aggregate in document["aggregates"]}
            self.source = self.list_name = None
            if not self.holds("Anchor", document["condition"]):
                continue
            accepted = self.holds("window When", document["when"])
            if not accepted and not self.blurr:
                continue
            if accepted and not self.row(block):
                dropped.append(text_of(block["_start_time"]))
                continue
            counts[period] = counts.get(period, 0) + 1
            rows.append(self.cells())
        return rows, dropped

    def past(self, block):
        """Identity aggregates as of the anchor (A.8), by running the events until then once more."""
        if self.blurr or self.document["as_of"] == "final":
            return {}
        moment = block["_start_time" if self.document["as_of"] == "start" else "_end_time"]
        stream = Stream(self.streaming, self.identity, self.blurr, Faults())
        stream.run([event for event in self.events if event["time"] <= moment])
        seen = [name for name, aggregate in self.by_name.items() if aggregate["kind"] == "identity_aggregate"]
        return {name: stream.latest(self.by_name[name]) for name in seen}

    def row(self, block):
        """Evaluates every aggregate; False when a window lacks data."""
        members = []
        for aggregate in self.document["aggregates"]:
            found = self.members(aggregate["window"], block) if aggregate["window"] else None
            if found == [] and not aggregate["window"]["keep_missing"]:
                return False
            members.append(found)
        for aggregate, found in zip(self.document["aggregates"], members):
            values = self.own[aggregate["name"]]
            values["_identity"] = self.identity
            if aggregate["window"] or not self.blurr:
                self.source = self.list_name = None
            if found:
                columns = {name: [member[name] for member in found] for name in found[0]}
                self.source, self.list_name = Record(columns), aggregate["window"]["list_name"]
            place = f"{aggregate['name']} (When)"
            if found != [] and self.holds(place, aggregate["when"], values):
                self.set_fields(aggregate, values)
        return True

    def members(self, window, anchor):
        """The blocks in a window, ascending by start; empty where there are not enough."""
        def moment(time):
            # Blurr compares the texts of blocks with dimensions (B.9).
            return time.isoformat() if self.blurr and self.by_name[window["source"]]["kind"] == "block" else time

        blocks = self.stream.records(window["source"])
        if any(block["_start_time"] is None for block in blocks):
            # Only Blurr keeps a block without a time, and cannot compare it (B.7).
            raise Aborted
        blocks.sort(key=lambda block: moment(block["_start_time"]))
        start, value = anchor["_start_time"], window["value"]
        if window["kind"] == "count":
            if value < 0:
                near = [block for block in blocks if moment(block["_start_time"]) < moment(start)][value:]
            else:
                near = [block for block in blocks if moment(block["_start_time"]) > moment(start)][:value]
            return near if len(near) == abs(value) else []
        try:
            if window["calendar"]:
                lower, upper = calendar_edges(window, start)
            else:
                step = datetime.timedelta(**{window["kind"] + "s": value})
                lower, upper = sorted([start, start + step])
        except OverflowError:
            return []
        lower, upper = moment(lower), moment(upper)
        inside = lambda time: (lower < time or (window["include_lower"] and lower == time)) and (
            time < upper or (window["include_upper"] and time == upper)
        )
        return [block for block in blocks if inside(moment(block["_start_time"]))]

    def cells(self):
        """The row: `aggregate.field`, a map as one cell per key (A.12; Blurr drops the aggregate's name)."""
        row = {}
        for name, values in self.own.items():
            for field, value in values.items():
                if isinstance(value, dict):
                    prefix = field if self.blurr else f"{name}.{field}"
                    row.update((f"{prefix}.{key}", inner) for key, inner in value.items())
                else:
                    row[f"{name}.{field}"] = value
        return row


def calendar_edges(window, start):
    """Whole days or hours of the zone beside the anchor's own (A.10)."""
    zone = UTC if window["calendar"] == "UTC" else zoneinfo.ZoneInfo(window["calendar"])
    local = start.astimezone(zone)
    near, far = (0, window["value"]) if window["value"] < 0 else (1, window["value"] + 1)
    if window["kind"] == "hour":
        hour = local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
        edges = [hour + datetime.timedelta(hours=hours) for hours in (near, far)]
    else:
        days = [local.date() + datetime.timedelta(days=days) for days in (near, far)]
        edges = [datetime.datetime.combine(day, datetime.time(), zone).astimezone(UTC) for day in days]
    return sorted(edges)


def text_of(value):
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return sorted(value, key=str) if isinstance(value, set) else value


def printed(fields):
    return {name: text_of(value) for name, value in fields.items()}


def intake(document, lines, blurr):
    """Events with identity, time and id, in order of arrival; what cannot be used is left out (A.4, B.5)."""
    for line in lines:
        try:
            raw = json.loads(line)
            scope = {**imports(document), "source": Record(raw)}
            identity = eval(compiled(document["identity"]), dict(scope))
            time = eval(compiled(document["time"]), dict(scope))
            event_id = eval(compiled(document["event_id"]), dict(scope)) if document["event_id"] else None
        except Exception:
            continue
        # Others pass Blurr's intake and abort the run later; the effect on the output is the same.
        usable = isinstance(identity, str if blurr else (str, int, float)) and str(identity).strip()
        nameable = event_id is None or isinstance(event_id, (str, int, float, tuple, datetime.datetime))
        if isinstance(raw, dict) and usable and nameable and isinstance(time, datetime.datetime):
            event_id = None if event_id is None else str(event_id)
            yield {"identity": str(identity), "time": with_offset(time), "id": event_id, "source": Record(raw)}


def answer(request):
    streaming, window, blurr = request["streaming"], request["window"], request["blurr"]
    groups, seen, repeated, events = {}, set(), 0, 0
    for event in intake(streaming, request["events"], blurr):
        events += 1
        if event["id"] and event["id"] in seen:
            repeated += 1
            continue
        seen.add(event["id"])
        groups.setdefault(event["identity"], []).append(event)
    faults, stream_lines, window_lines, dropped, rows_so_far = Faults(), [], [], [], 0
    stored = {aggregate["name"] for aggregate in streaming["aggregates"] if aggregate["stored"]}
    window_faults = Faults()
    for identity, events_of in groups.items():
        events_of.sort(key=lambda event: event["time"])
        stream = Stream(streaming, identity, blurr, faults)
        stream.run(events_of)
        stream.finish()
        for (name, key), values in stream.stored.items():
            if name in stored:
                owner = identity if blurr else escaped(identity)
                stream_lines.append(json.dumps([f"{owner}/{name}/{key}", printed(values)]))
        if window:
            rows, without = Rows(request, stream, events_of, window_faults).run(rows_so_far)
            rows_so_far += len(rows)
            window_lines.append(json.dumps([identity, [printed(row) for row in rows]]))
            dropped += [f"{identity} {anchor}" for anchor in without]
    everything = {"events": events, "repeated": repeated, "stream": stream_lines, "stream_faults": faults.counts}
    return {**everything, "window": window_lines, "window_faults": window_faults.counts, "dropped": dropped}


for request in sys.stdin:
    try:
        reply = answer(json.loads(request))
    except Aborted:
        reply = {"aborted": True}
    except Exception:
        reply = {"failed": traceback.format_exc()}
    print(json.dumps(reply), flush=True)
