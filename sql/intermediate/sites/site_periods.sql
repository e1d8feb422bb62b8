-- One row per moment at which a site is asked and window: the first and the last price.
-- All prices count, not only a day's last; of a day's several sources the most trusted.
-- Up to a minute late a state still stands for the instant, because the last blocks of
-- two days do not lie a day apart.
-- from_at: of the last price at the window's start (standing), or of the first from
--   there on (first_inside); null: there is none
-- start_lag, end_lag: seconds by which a price is older than the instant that it stands
--   for; 0 where it stands for none, or a log's valuation stands until the next
-- grain: moment_number, takes_valuations, anchor, until, window_days
-- stored
with

-- several figures are made of the same two prices
windows as (

    select distinct
        moment_number,
        vault_number,
        observed_at,
        takes_valuations,
        anchor,
        until,
        window_days
    from intermediate.site_questions
    where window_days is not null

),

moments as (

    select distinct
        moment_number,
        vault_number,
        observed_at,
        takes_valuations
    from windows

),

best_sources as (

    select
        vault_number,
        price_date,
        min(source_rank) as best_rank
    from intermediate.price_observations
    semi join intermediate.multi_price_days using (vault_number, price_date)
    group by vault_number, price_date

),

prices as (

    select
        vault_number,
        observed_at,
        share_price,
        intermediate.source_name(source_rank) in (
            'lagoon_settlement', 'lagoon_event', 'posted_rate'
        ) as is_valuation,
        make_timestamptz(epoch_us(observed_at) - if(
            source_rank = intermediate.source_rank('node_state'), 60_000_000, 0
        )) as stands_from
    from intermediate.price_observations
    left join best_sources using (vault_number, price_date)
    where best_rank is null or source_rank = best_rank

),

ends as (

    select
        moment_number,
        takes_valuations,
        max(prices.observed_at) as until_at,
        arg_max(share_price, prices.observed_at) as until_price,
        arg_max(is_valuation, prices.observed_at) as ends_valued
    from moments
    inner join prices
        on moments.vault_number = prices.vault_number
        and moments.observed_at >= prices.stands_from
        and (prices.is_valuation or not takes_valuations)
    group by moment_number, takes_valuations

),

bounds as (

    select
        row_number() over () as window_number,
        windows.* exclude (observed_at),
        until_at,
        until_price,
        make_timestamptz(
            epoch_us(if(until = 'now', observed_at, until_at))
            - window_days * 86_400_000_000
        ) as start_at,
        if(
            until = 'now' and not ends_valued,
            epoch(observed_at) - epoch(until_at),
            0
        ) as end_lag
    from windows
    inner join ends using (moment_number, takes_valuations)

),

candidates as (

    select
        bounds.window_number,
        prices.observed_at,
        prices.share_price,
        prices.is_valuation,
        -- the last of those that stand, the first of those inside
        epoch_us(prices.observed_at) * if(anchor = 'standing', 1, -1) as preference
    from bounds
    inner join prices
        on bounds.vault_number = prices.vault_number
        and bounds.until_at >= prices.observed_at
        and (prices.is_valuation or not takes_valuations)
        and if(
            anchor = 'standing',
            bounds.start_at >= prices.stands_from,
            bounds.start_at <= prices.observed_at
        )

),

starts as (

    select
        window_number,
        arg_max(observed_at, preference) as from_at,
        arg_max(share_price, preference) as from_price,
        arg_max(is_valuation, preference) as starts_valued
    from candidates
    group by window_number

)

select
    bounds.moment_number,
    bounds.takes_valuations,
    bounds.anchor,
    bounds.until,
    bounds.window_days,
    bounds.until_at,
    bounds.until_price,
    starts.from_at,
    starts.from_price,
    if(
        anchor = 'standing' and not starts_valued,
        epoch(start_at) - epoch(from_at),
        0
    ) as start_lag,
    bounds.end_lag
from bounds
left join starts using (window_number)
