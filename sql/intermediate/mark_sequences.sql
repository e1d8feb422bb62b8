-- One row per vault and mark: its inception, then the last price of each UTC day.
-- A day's mark comes from the most trusted source that day. The days between marks
-- are not filled: a missed day makes one longer return.
-- The vault is known by its number alone, because a million ids take long to sort.
-- grain: vault_number, observed_at
-- stored in order
with

marks as (

    select
        vault_number,
        observed_at,
        price_date,
        source_rank,
        share_price,
        total_assets,
        block_number,
        is_inexact
    from intermediate.price_observations
    inner join intermediate.starts using (vault_number)
    left join intermediate.busy_days using (vault_number, price_date)
    left join intermediate.day_closes using (vault_number, observed_at, source_rank)
    where observed_at >= started_at
        and (busy_days.vault_number is null or day_closes.vault_number is not null)

)

select
    vault_number,
    observed_at,
    price_date,
    source_rank,
    share_price,
    total_assets,
    block_number,
    is_inexact,
    row_number() over by_time as mark_number,
    lag(observed_at) over by_time as previous_at,
    lead(observed_at) over by_time as next_at,
    lag(share_price) over by_time as previous_price,
    max(share_price) over (by_time rows unbounded preceding) as peak_price
from marks
window by_time as (partition by vault_number order by observed_at)
order by vault_number, observed_at
