-- One row per moment at which a site is asked and window: the first and the last price.
-- All prices count, not only a day's last; of a day's several sources the most trusted.
-- Up to a minute late a state or a reading still stands for the instant, because the
-- last blocks of two days do not lie a day apart, nor do two starts of a job.
-- Only prices that may be one of the two are sorted: all from shortly before the
-- vault's first window on, the last before them, its very first, and valuations.
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

-- a window since the first price needs no other; one that ends at the last price before
-- a captured moment may start at any time
limits as (

    select
        vault_number,
        min(
            if(
                until = 'now' or capture_number = 0,
                epoch_us(observed_at) - (coalesce(days, 0) + 1) * 86_400_000_000,
                -9e18::bigint -- before any price
            )
        ) as needed_from_us
    from intermediate.site_questions
    where window_days is not null
    group by vault_number

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
            intermediate.source_name(source_rank) in ('node_state', 'reading'),
            60_000_000, 0
        )) as stands_from
    from intermediate.price_observations
    left join best_sources using (vault_number, price_date)
    where best_rank is null or source_rank = best_rank

),

edges as (

    select
        vault_number,
        min(observed_at) as first_at,
        coalesce(
            max(stands_from) filter (where epoch_us(stands_from) < needed_from_us),
            min(stands_from)
        ) as sorted_from
    from prices
    inner join limits using (vault_number)
    group by vault_number

),

needed as (

    select prices.*
    from prices
    inner join edges using (vault_number)
    where stands_from >= sorted_from
        or observed_at = first_at
        or is_valuation

),

-- once for those who take all, and once for those who take valuations alone
offered as (

    select
        *,
        false as takes_valuations
    from needed

    union all

    select
        *,
        true as takes_valuations
    from needed
    where is_valuation

),

ends as (

    select
        moments.moment_number,
        moments.takes_valuations,
        offered.observed_at as until_at,
        offered.share_price as until_price,
        offered.is_valuation as ends_valued
    from moments
    asof inner join offered
        on moments.vault_number = offered.vault_number
        and moments.takes_valuations = offered.takes_valuations
        and moments.observed_at >= offered.stands_from

),

bounds as (

    select
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

starts as (

    select
        bounds.*,
        offered.observed_at as from_at,
        offered.share_price as from_price,
        offered.is_valuation as starts_valued
    from bounds
    asof left join offered
        on bounds.vault_number = offered.vault_number
        and bounds.takes_valuations = offered.takes_valuations
        and bounds.start_at >= offered.stands_from
    where bounds.anchor = 'standing'

    union all

    select
        bounds.*,
        offered.observed_at,
        offered.share_price,
        offered.is_valuation
    from bounds
    asof left join offered
        on bounds.vault_number = offered.vault_number
        and bounds.takes_valuations = offered.takes_valuations
        and bounds.start_at <= offered.observed_at
    where bounds.anchor = 'first_inside'

)

select
    moment_number,
    takes_valuations,
    anchor,
    until,
    window_days,
    until_at,
    until_price,
    from_at,
    from_price,
    if(
        anchor = 'standing' and not starts_valued,
        epoch(start_at) - epoch(from_at),
        0
    ) as start_lag,
    end_lag
from starts
