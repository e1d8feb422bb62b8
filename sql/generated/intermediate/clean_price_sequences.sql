-- One row per vault and price point, with the one before it and the peak so far.
-- The days between price points are not filled: a missed day makes one longer return.
-- grain: vault_number, observed_at
-- stored in order
-- generated from intermediate.price_sequences by make golden
select
    vault_number,
    observed_at,
    price_date,
    source_rank,
    share_price,
    total_assets,
    block_number,
    is_inexact,
    row_number() over by_time as point_number,
    lag(observed_at) over by_time as previous_at,
    lead(observed_at) over by_time as next_at,
    lag(share_price) over by_time as previous_price,
    max(share_price) over (by_time rows unbounded preceding) as peak_price
from intermediate.prices_without_spikes as daily_prices
window by_time as (partition by vault_number order by observed_at)
order by vault_number, observed_at
