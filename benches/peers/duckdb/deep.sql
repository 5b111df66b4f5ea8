-- Customers and visits of the deep shape: members of nested objects and lists.
CREATE TEMP TABLE visits AS
SELECT
    "user".id AS _identity,
    session.id AS session,
    min(meta."at") AS _start_time,
    max(meta."at") AS _end_time,
    sum(len("order".lines))::BIGINT AS lines,
    arg_min("order".lines[1].sku, meta."at") AS first_sku,
    greatest(max("order".lines[1].price.amount), 0) AS dearest,
    count(*) FILTER (meta.sender.channel = 'web' AND meta.sender.app.version.minor > 9) AS web_orders,
    sum("order".delivery.carrier.price.amount) AS delivery,
    count(*) AS orders,
    arg_max("user".profile.country, meta."at") AS country,
    sum("order".totals.net.amount) AS spent,
    max("user".profile.devices[1].screen.size[1]) AS widest
FROM read_json('$file', format = 'newline_delimited', columns = {
    meta: 'STRUCT("at" TIMESTAMP, sender STRUCT(channel VARCHAR, app STRUCT(version STRUCT(minor BIGINT))))',
    "user": 'STRUCT(id VARCHAR, profile STRUCT(country VARCHAR, devices STRUCT(screen STRUCT(size BIGINT[]))[]))',
    session: 'STRUCT(id VARCHAR)',
    "order": 'STRUCT(lines STRUCT(sku VARCHAR, price STRUCT(amount DOUBLE))[],
                     totals STRUCT(net STRUCT(amount DOUBLE)),
                     delivery STRUCT(carrier STRUCT(price STRUCT(amount DOUBLE))))'
})
GROUP BY ALL;

CREATE TEMP TABLE customer AS
SELECT
    _identity,
    sum(orders)::BIGINT AS orders,
    arg_max(country, _end_time) AS country,
    sum(spent) AS spent,
    greatest(max(widest), 0) AS widest
FROM visits
GROUP BY ALL;

CREATE TEMP VIEW visit AS SELECT * EXCLUDE (orders, country, spent, widest) FROM visits;
