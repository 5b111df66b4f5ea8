-- Users and sessions of the offer shape. Each session's aggregates come from one pass over the file; users are
-- aggregated from sessions, which are a tenth of the rows.
CREATE TEMP TABLE sessions AS
SELECT
    customer_identifier AS _identity,
    session_id,
    min(event_time) AS _start_time,
    max(event_time) AS _end_time,
    count(*) FILTER (event_id = 'game_start') AS games_played,
    count(*) FILTER (event_id = 'game_end' AND won = '1') AS games_won,
    -- As of the last end of a game: a game that was begun after it does not count yet.
    coalesce(
        count(*) FILTER (event_id = 'game_end' AND won = '1') / nullif(len(list_filter(
            list(event_time) FILTER (event_id = 'game_start'),
            lambda begun: begun <= max(event_time) FILTER (event_id = 'game_end')
        )), 0),
        0
    ) AS win_ratio,
    coalesce(arg_max(level, event_time) FILTER (event_id = 'game_end'), 0) AS level,
    coalesce(arg_max(offer_type, event_time) FILTER (event_id = 'offer_shown'), '') AS offer_type,
    coalesce(arg_max(offer_price, event_time) FILTER (event_id = 'offer_shown'), 0) AS offer_price,
    coalesce(arg_max(
        CASE WHEN offer_price < 2.5 THEN 'low' WHEN offer_price < 10 THEN 'middle' ELSE 'high' END, event_time
    ) FILTER (event_id = 'offer_shown'), '') AS offer_band,
    coalesce(bool_or(event_id = 'purchase' AND purchase_source = 'offer'), false) AS offer_purchased,
    coalesce(sum(txn_amount) FILTER (event_id = 'purchase'), 0) AS purchase_amount,
    arg_max(
        {'at': event_time, 'country': country, 'os': os, 'facebook': signin_method = 'fb'}, event_time
    ) FILTER (event_id = 'app_launched') AS launch,
    count(*) FILTER (event_id = 'app_launched') AS launches
FROM read_json('$file', format = 'newline_delimited', columns = {
    event_time: 'TIMESTAMP', event_id: 'VARCHAR', customer_identifier: 'VARCHAR', session_id: 'VARCHAR',
    country: 'VARCHAR', os: 'VARCHAR', signin_method: 'VARCHAR', txn_amount: 'DOUBLE', won: 'VARCHAR',
    level: 'BIGINT', offer_type: 'VARCHAR', offer_price: 'DOUBLE', purchase_source: 'VARCHAR'
})
GROUP BY ALL;

CREATE TEMP TABLE "user" AS
SELECT
    _identity,
    coalesce(arg_max(launch.country, launch."at"), '') AS country,
    coalesce(arg_max(launch.os, launch."at"), '') AS os,
    coalesce(arg_max(launch.facebook, launch."at"), false) AS facebook_connected,
    sum(launches)::BIGINT AS sessions,
    sum(purchase_amount) AS spent
FROM sessions
GROUP BY ALL;

CREATE TEMP VIEW game_stats AS SELECT * EXCLUDE (launch, launches) FROM sessions;
