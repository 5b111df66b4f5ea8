-- A row for the first session of a user and day in which an offer was shown and all three windows hold sessions.
CREATE TEMP TABLE offer_ai_features AS
WITH seen AS (
    SELECT
        *,
        lag(games_played) OVER one AS last_games_played,
        lag(win_ratio) OVER one AS last_win_ratio,
        count(*) OVER before AS week_sessions,
        sum(games_played) OVER before AS week_games_played,
        sum(purchase_amount) OVER before AS week_purchase_amount,
        count(*) OVER after AS next_sessions,
        sum(purchase_amount) OVER after AS next_purchase_amount
    FROM sessions
    WINDOW
        one AS (PARTITION BY _identity ORDER BY _start_time),
        -- Both ends of a window are outside it.
        before AS (
            PARTITION BY _identity ORDER BY _start_time
            RANGE BETWEEN INTERVAL '604799.999999 seconds' PRECEDING AND INTERVAL '0.000001 seconds' PRECEDING
        ),
        after AS (
            PARTITION BY _identity ORDER BY _start_time
            RANGE BETWEEN INTERVAL '0.000001 seconds' FOLLOWING AND INTERVAL '604799.999999 seconds' FOLLOWING
        )
), anchors AS (
    SELECT * FROM seen
    WHERE offer_type <> '' AND last_games_played IS NOT NULL AND week_sessions > 0 AND next_sessions > 0
    QUALIFY row_number() OVER (PARTITION BY _identity, _start_time::DATE ORDER BY _start_time) = 1
)
SELECT
    anchors._identity AS identity,
    anchors._start_time AS anchor,
    -- The user as of the anchor: by the last launch up to it.
    coalesce(launches.launch.country, '') AS "profile.country",
    coalesce(launches.launch.facebook, false) AS "profile.facebook_connected",
    offer_type AS "profile.offer_type",
    offer_band AS "profile.offer_band",
    offer_purchased AS "profile.offer_purchased",
    last_games_played AS "last_session.games_played",
    last_win_ratio AS "last_session.win_ratio",
    week_sessions AS "last_week.sessions",
    week_games_played::BIGINT AS "last_week.games_played",
    week_purchase_amount AS "last_week.purchase_amount",
    next_purchase_amount AS "next_week.purchase_amount"
FROM anchors
ASOF LEFT JOIN (SELECT _identity, launch, launch."at" AS "at" FROM sessions WHERE launch IS NOT NULL) AS launches
    ON launches._identity = anchors._identity AND anchors._start_time >= launches."at";
