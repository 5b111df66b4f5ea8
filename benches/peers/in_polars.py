"""`in_polars.py SHAPE FILE THREADS [--windows] [--rows FOLDER]`: the rows of a shape's documents by Polars, from
the file to frames in memory: lazy, by its streaming engine. Prints `seconds S`, the processor's `cpu S` and
the number of rows. `--rows` writes the frames too, outside the time."""

import os
import sys
import time
from pathlib import Path

os.environ["POLARS_MAX_THREADS"] = sys.argv[3]  # read when polars is imported

import polars as pl  # noqa: E402
from polars import Boolean, Float64, Int64, List, String, Struct, col  # noqa: E402


def moment(text):
    """`2025-03-03T00:11:33.489Z`; without the letter it is read by the faster way."""
    return text.str.slice(0, 23).str.to_datetime("%Y-%m-%dT%H:%M:%S.%3f", time_unit="us")


def texts(*names):
    return {name: String for name in names}


def offer(file):
    schema = texts(
        "event_time", "event_id", "customer_identifier", "session_id", "country", "os", "signin_method", "txn_amount",
        "won", "offer_type", "offer_price", "purchase_source",
    ) | {"level": Int64}
    kind, price = col("event_id"), col("offer_price").cast(Float64)
    events = pl.scan_ndjson(file, schema=schema).select(
        _identity="customer_identifier",
        session_id="session_id",
        at=moment(col("event_time")),
        launched=kind == "app_launched",
        begun=kind == "game_start",
        ended=kind == "game_end",
        won=(kind == "game_end") & (col("won") == "1"),
        shown=kind == "offer_shown",
        paid=kind == "purchase",
        by_offer=(kind == "purchase") & (col("purchase_source") == "offer"),
        amount=col("txn_amount").cast(Float64),
        level="level",
        offer_type="offer_type",
        offer_price=price,
        offer_band=pl.when(price < 2.5).then(pl.lit("low")).when(price < 10).then(pl.lit("middle")).otherwise(
            pl.lit("high")),
        country="country",
        os="os",
        facebook=col("signin_method") == "fb",
    ).sort("at", maintain_order=True)

    def last(name, condition, default=None):
        return col(name).filter(col(condition)).last().fill_null(default) if default is not None else \
            col(name).filter(col(condition)).last()

    sessions = events.group_by("_identity", "session_id").agg(
        _start_time=col("at").min(),
        _end_time=col("at").max(),
        games_played=col("begun").sum().cast(Int64),
        games_won=col("won").sum().cast(Int64),
        # As of the last end of a game: a game that was begun after it does not count yet.
        played_by_then=(col("begun") & (col("at") <= col("at").filter(col("ended")).max())).sum(),
        level=last("level", "ended", 0),
        offer_type=last("offer_type", "shown", ""),
        offer_price=last("offer_price", "shown", 0.0),
        offer_band=last("offer_band", "shown", ""),
        offer_purchased=col("by_offer").any(),
        purchase_amount=col("amount").filter(col("paid")).sum(),
        launched_at=col("at").filter(col("launched")).max(),
        launches=col("launched").sum(),
        country=last("country", "launched"),
        os=last("os", "launched"),
        facebook=last("facebook", "launched"),
    ).with_columns(
        win_ratio=pl.when(col("played_by_then") > 0).then(col("games_won") / col("played_by_then")).otherwise(0.0)
    ).collect(engine="streaming")
    # From sessions, which are a tenth of the rows.
    user = sessions.lazy().sort("launched_at", nulls_last=False).group_by("_identity").agg(
        country=col("country").drop_nulls().last().fill_null(""),
        os=col("os").drop_nulls().last().fill_null(""),
        facebook_connected=col("facebook").drop_nulls().last().fill_null(False),
        sessions=col("launches").sum().cast(Int64),
        spent=col("purchase_amount").sum(),
    ).collect(engine="streaming")
    aside = ["played_by_then", "launched_at", "launches", "country", "os", "facebook"]
    return {"user": user, "game_stats": sessions.drop(aside)}, sessions


def offer_windows(sessions):
    """A row for the first session of a user and day in which an offer was shown and all windows hold sessions."""
    lazy = sessions.sort("_identity", "_start_time").lazy()
    # Both ends of a window are outside it.
    week = {"index_column": "_start_time", "group_by": "_identity", "period": "7d", "closed": "none"}
    before = lazy.rolling(offset="-7d", **week).agg(
        week_sessions=pl.len().cast(Int64), week_games=col("games_played").sum(), week_amount=col("purchase_amount").sum())
    after = lazy.rolling(offset="0d", **week).agg(next_sessions=pl.len(), next_amount=col("purchase_amount").sum())
    keys = ["_identity", "_start_time"]
    seen = lazy.join(before, on=keys).join(after, on=keys, maintain_order="left").sort(keys).with_columns(
        last_games=col("games_played").shift(1).over("_identity"),
        last_ratio=col("win_ratio").shift(1).over("_identity"),
    ).filter(
        (col("offer_type") != "") & col("last_games").is_not_null() & (col("week_sessions") > 0)
        & (col("next_sessions") > 0)
    ).with_columns(day=col("_start_time").dt.date()).unique(["_identity", "day"], keep="first", maintain_order=True)
    launches = lazy.filter(col("launched_at").is_not_null()).sort("launched_at").select(
        "_identity", "launched_at", then_country="country", then_facebook="facebook")
    # The user as of the anchor: by the last launch up to it.
    rows = seen.sort("_start_time").join_asof(
        launches, left_on="_start_time", right_on="launched_at", by="_identity", check_sortedness=False)
    return rows.select(
        col("_identity").alias("identity"),
        col("_start_time").alias("anchor"),
        col("then_country").fill_null("").alias("profile.country"),
        col("then_facebook").fill_null(False).alias("profile.facebook_connected"),
        col("offer_type").alias("profile.offer_type"),
        col("offer_band").alias("profile.offer_band"),
        col("offer_purchased").alias("profile.offer_purchased"),
        col("last_games").alias("last_session.games_played"),
        col("last_ratio").alias("last_session.win_ratio"),
        col("week_sessions").alias("last_week.sessions"),
        col("week_games").alias("last_week.games_played"),
        col("week_amount").alias("last_week.purchase_amount"),
        col("next_amount").alias("next_week.purchase_amount"),
    ).collect()


def wide(file):
    schema = texts("user", "at", "session", "kind", "label_080", "note_191", "label_194") | {
        "count_018": Int64, "measure_049": Float64, "flag_111": Boolean, "count_144": Int64, "measure_169": Float64,
    }
    kind = col("kind")
    events = pl.scan_ndjson(file, schema=schema).with_columns(
        at=moment(col("at")),
        view=kind == "view",
        order=kind == "order",
        looked=(kind == "view") & col("flag_111"),
        many=col("count_144") > 2500,
    ).sort("at", maintain_order=True)
    visits = events.group_by(col("user").alias("_identity"), "session").agg(
        _start_time=col("at").min(),
        _end_time=col("at").max(),
        views=col("view").sum().cast(Int64),
        seen=col("count_018").filter(col("looked")).sum(),
        largest=pl.max_horizontal(col("measure_049").max(), 0.0),
        ordered=col("measure_169").filter(col("order")).sum(),
        last_label=col("label_080").last(),
        many=col("many").sum().cast(Int64),
        orders=col("order").sum(),
        region=col("label_194").last(),
        note=col("note_191").drop_nulls().last(),
    ).collect(engine="streaming")
    person = visits.lazy().sort("_end_time").group_by("_identity").agg(
        orders=col("orders").sum().cast(Int64),
        region=col("region").last(),
        last_note=col("note").drop_nulls().last().fill_null(""),
    ).collect(engine="streaming")
    return {"person": person, "visit": visits.drop("orders", "region", "note")}, visits


def deep(file):
    amount = Struct({"amount": Float64})
    schema = {
        "meta": Struct({"at": String, "sender": Struct({
            "channel": String, "app": Struct({"version": Struct({"minor": Int64})})})}),
        "user": Struct({"id": String, "profile": Struct({
            "country": String, "devices": List(Struct({"screen": Struct({"size": List(Int64)})}))})}),
        "session": Struct({"id": String}),
        "order": Struct({
            "lines": List(Struct({"sku": String, "price": amount})),
            "totals": Struct({"net": amount}),
            "delivery": Struct({"carrier": Struct({"price": amount})}),
        }),
    }

    def member(path):
        expression, *rest = path.split(".")
        expression = col(expression)
        for name in rest:
            expression = expression.list.first() if name == "0" else expression.struct.field(name)
        return expression

    events = pl.scan_ndjson(file, schema=schema).select(
        _identity=member("user.id"),
        session=member("session.id"),
        at=moment(member("meta.at")),
        lines=member("order.lines").list.len().cast(Int64),
        sku=member("order.lines.0.sku"),
        price=member("order.lines.0.price.amount"),
        web=(member("meta.sender.channel") == "web") & (member("meta.sender.app.version.minor") > 9),
        delivery=member("order.delivery.carrier.price.amount"),
        country=member("user.profile.country"),
        net=member("order.totals.net.amount"),
        width=member("user.profile.devices.0.screen.size.0"),
    ).sort("at", maintain_order=True)
    visits = events.group_by("_identity", "session").agg(
        _start_time=col("at").min(),
        _end_time=col("at").max(),
        lines=col("lines").sum(),
        first_sku=col("sku").first(),
        dearest=pl.max_horizontal(col("price").max(), 0.0),
        web_orders=col("web").sum().cast(Int64),
        delivery=col("delivery").sum(),
        orders=pl.len().cast(Int64),
        country=col("country").last(),
        spent=col("net").sum(),
        widest=pl.max_horizontal(col("width").max(), 0),
    ).collect(engine="streaming")
    customer = visits.lazy().sort("_end_time").group_by("_identity").agg(
        col("orders").sum(), col("country").last(), col("spent").sum(), col("widest").max(),
    ).collect(engine="streaming")
    return {"customer": customer, "visit": visits.drop("orders", "country", "spent", "widest")}, visits


def main():
    shape, file, _, *more = sys.argv[1:]
    start, cpu = time.perf_counter(), time.process_time()
    frames, sessions = {"offer": offer, "wide": wide, "deep": deep}[shape](file)
    if "--windows" in more:
        frames["offer_ai_features"] = offer_windows(sessions)
    print(f"seconds {time.perf_counter() - start:.6f}\ncpu {time.process_time() - cpu:.6f}")
    for name, frame in frames.items():
        print(f"{name} {frame.height}")
        if "--rows" in more:
            folder = Path(more[more.index("--rows") + 1])
            folder.mkdir(parents=True, exist_ok=True)
            frame.write_ndjson(folder / f"{name}.jsonl")


main()
