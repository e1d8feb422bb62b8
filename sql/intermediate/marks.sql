-- One row per vault and mark: its inception, then the last price of each UTC day.
-- A day's mark comes from the most trusted source that day. The days between marks
-- are not filled: a missed day makes one longer return.
-- grain: vault_id, observed_at
-- stored
with

run as (

    select * from staging.run

),

marks as (

    select
        vault_id,
        observed_at,
        source_rank,
        share_price,
        total_assets,
        block_number,
        observed_at = started_at as is_inception
    from intermediate.price_observations
    inner join intermediate.starts using (vault_id)
    left join intermediate.busy_days using (vault_id, price_date)
    left join intermediate.day_closes using (vault_id, observed_at, source_rank)
    where observed_at >= started_at
        and (busy_days.vault_id is null or day_closes.vault_id is not null)

),

sequences as (

    select
        *,
        row_number() over by_time as mark_number,
        lag(observed_at) over by_time as previous_at,
        lead(observed_at) over by_time as next_at,
        lag(share_price) over by_time as previous_price,
        max(share_price) over (by_time rows unbounded preceding) as peak_price,
        min(share_price) over (
            by_time rows between current row and unbounded following
        ) as lowest_price_ahead
    from marks
    window by_time as (partition by vault_id order by observed_at)

)

select
    sequences.vault_id,
    sequences.observed_at,
    sequences.observed_at::date as price_date,
    sequences.mark_number,
    sequences.source_rank,
    sequences.share_price,
    sequences.total_assets,
    sequences.block_number,
    sequences.is_inception,
    sequences.previous_at,
    sequences.next_at,
    sequences.previous_price,
    sequences.peak_price,
    epoch(sequences.observed_at) - epoch(sequences.previous_at) as elapsed_seconds,
    -- after a total loss nothing is left to lose
    case
        when previous_price > 0 then sequences.share_price / previous_price - 1
        when previous_price = 0 then 0
    end as simple_return,
    simple_return - ((1 + risk_free_rate) ^ (elapsed_seconds / 31536000) - 1)
        as excess_return,
    -- noise of the last digits is no drawdown
    case
        when sequences.share_price / nullif(peak_price, 0) - 1 < -1e-12
            then sequences.share_price / peak_price - 1
        else 0
    end as drawdown,
    -- the fall from the previous mark to the lowest after it; the least of these
    -- over the end of a series is that end's maximum drawdown
    lowest_price_ahead / nullif(previous_price, 0) - 1 as fall_ahead
from sequences
cross join run
