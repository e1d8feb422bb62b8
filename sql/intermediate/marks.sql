-- One row per vault and mark: its inception, then the last price of each UTC day.
-- A day's mark comes from the most trusted source that day. The days between marks
-- are not filled: a missed day makes one longer return.
-- grain: vault_id, observed_at
-- stored
with

run as (

    select * from staging.run

),

vaults as (

    select * from staging.vaults

),

starts as (

    select * from intermediate.starts

),

observations as (

    select
        price_observations.*,
        observed_at::date as price_date,
        observed_at = started_at as is_inception
    from intermediate.price_observations
    inner join starts using (vault_id)
    where observed_at >= started_at

),

-- days on which a vault has a source to prefer; few vaults have two sources at all
mixed_days as (

    select
        vault_id,
        price_date,
        min(source_rank) as best_rank
    from observations
    semi join (
        select vault_id
        from observations
        group by vault_id
        having min(source_rank) < max(source_rank)
    ) using (vault_id)
    group by vault_id, price_date

),

trusted as (

    select observations.*
    from observations
    left join mixed_days using (vault_id, price_date)
    where coalesce(source_rank = best_rank, true) or is_inception

),

days as (

    select
        *,
        lead(price_date) over (
            partition by vault_id order by observed_at, source_rank desc
        ) as next_date
    from trusted

),

marks as (

    select
        *,
        lag(observed_at) over by_time as previous_at,
        lag(share_price) over by_time as previous_price,
        max(share_price) over (
            by_time rows between unbounded preceding and current row
        ) as peak_price,
        min(share_price) over (
            by_time rows between current row and unbounded following
        ) as lowest_price_ahead
    from days
    where is_inception or next_date is distinct from price_date
    window by_time as (partition by vault_id order by observed_at)

)

select
    marks.vault_id,
    marks.observed_at,
    marks.price_date,
    marks.share_price,
    marks.total_assets_raw::double / 10::double ^ asset_decimals as total_assets,
    marks.total_supply_raw::double / 10::double ^ share_decimals as total_supply,
    marks.total_assets_raw,
    marks.total_supply_raw,
    marks.block_number,
    marks.source_rank,
    marks.file_id,
    marks.is_inception,
    marks.is_inexact,
    marks.previous_at,
    marks.previous_price,
    marks.peak_price,
    epoch(marks.observed_at) - epoch(marks.previous_at) as elapsed_seconds,
    -- after a total loss nothing is left to lose
    case
        when marks.previous_price > 0
            then marks.share_price / marks.previous_price - 1
        when marks.previous_price = 0 then 0
    end as simple_return,
    simple_return - ((1 + run.risk_free_rate) ^ (elapsed_seconds / 31536000) - 1)
        as excess_return,
    -- noise of the last digits is no drawdown
    case
        when marks.share_price / nullif(marks.peak_price, 0) - 1 < -1e-12
            then marks.share_price / marks.peak_price - 1
        else 0
    end as drawdown,
    -- the fall from the previous mark to the lowest after it; the least of these
    -- over the end of a series is that end's maximum drawdown
    marks.lowest_price_ahead / nullif(marks.previous_price, 0) - 1 as fall_ahead
from marks
inner join vaults using (vault_id)
cross join run
