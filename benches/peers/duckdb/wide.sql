-- Persons and visits of the wide shape: twelve of two hundred fields.
CREATE TEMP TABLE visits AS
SELECT
    "user" AS _identity,
    session,
    min("at") AS _start_time,
    max("at") AS _end_time,
    count(*) FILTER (kind = 'view') AS views,
    coalesce(sum(count_018) FILTER (kind = 'view' AND flag_111), 0)::BIGINT AS seen,
    greatest(max(measure_049), 0) AS largest,
    coalesce(sum(measure_169) FILTER (kind = 'order'), 0) AS ordered,
    arg_max(label_080, "at") AS last_label,
    count(*) FILTER (count_144 > 2500) AS many,
    count(*) FILTER (kind = 'order') AS orders,
    arg_max(label_194, "at") AS region,
    arg_max({'at': "at", 'note': note_191}, "at") FILTER (note_191 IS NOT NULL) AS noted
FROM read_json('$file', format = 'newline_delimited', columns = {
    "user": 'VARCHAR', "at": 'TIMESTAMP', session: 'VARCHAR', kind: 'VARCHAR', count_018: 'BIGINT',
    measure_049: 'DOUBLE', label_080: 'VARCHAR', flag_111: 'BOOLEAN', count_144: 'BIGINT', measure_169: 'DOUBLE',
    note_191: 'VARCHAR', label_194: 'VARCHAR'
})
GROUP BY ALL;

CREATE TEMP TABLE person AS
SELECT
    _identity,
    sum(orders)::BIGINT AS orders,
    arg_max(region, _end_time) AS region,
    coalesce(arg_max(noted.note, noted."at"), '') AS last_note
FROM visits
GROUP BY ALL;

CREATE TEMP VIEW visit AS SELECT * EXCLUDE (orders, region, noted) FROM visits;
