-- One row per vault and price point: its price, the return into it and its drawdown.
-- Models of many rows read this one; intermediate.price_points adds the vault's id.
-- grain: vault_number, observed_at
-- stored where rows are few
-- generated from intermediate.price_returns by make golden
with

points as (

    select
        *,
        -- in microseconds first: they are integers, and faster
        (epoch_us(observed_at) - epoch_us(previous_at)) / 1e6 as elapsed_seconds,
        -- after a total loss nothing is left to lose
        case
            when previous_price > 0 then share_price / previous_price - 1
            when previous_price = 0 then 0
        end as simple_return,
        share_price / nullif(peak_price, 0) - 1 as fall
    from intermediate.clean_price_sequences as price_sequences

)

select
    vault_number,
    observed_at,
    price_date,
    point_number,
    source_rank,
    share_price,
    total_assets,
    block_number,
    is_inexact,
    previous_at is null as is_inception,
    previous_at,
    next_at,
    previous_price,
    peak_price,
    elapsed_seconds,
    simple_return,
    -- noise of the last digits is no drawdown
    case when fall < -1e-12 then fall else 0 end as drawdown,
    -- one number for the order of vault and time: no vault has a million price points
    vault_number * 1_000_000::bigint + point_number as place
from points
