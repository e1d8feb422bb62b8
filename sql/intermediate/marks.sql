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

-- one number that orders the observations of a day: trust first, then time
ranked as (

    select
        *,
        (4 - source_rank) * 2_000_000_000_000_000_000 + epoch_us(observed_at) as rank
    from observations

),

selected as (

    select vault_id, max(rank) as rank
    from ranked
    group by vault_id, price_date
    union
    select vault_id, max(rank)
    from ranked
    where is_inception
    group by vault_id

),

marks as (

    select
        ranked.* exclude (rank),
        lag(observed_at) over by_time as previous_at,
        lag(share_price) over by_time as previous_price,
        max(share_price) over (
            by_time rows between unbounded preceding and current row
        ) as peak_price,
        min(share_price) over (
            by_time rows between current row and unbounded following
        ) as lowest_price_ahead
    from ranked
    semi join selected using (vault_id, rank)
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
