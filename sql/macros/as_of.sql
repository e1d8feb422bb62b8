-- Every vault as it stood at the end of a day, by the prices known tonight.
-- arguments: day
-- example: select vault_id, share_price, apy_30d from marts.as_of('2025-08-31')
-- apy_30d is null where the window was not full
with

prices as (

    select
        vault_id,
        max(observed_at) as observed_at,
        arg_min(share_price, observed_at) as first_price,
        arg_max(share_price, observed_at) as share_price,
        arg_max(total_assets, observed_at) as total_assets,
        max(share_price) as peak_price
    from marts.share_prices
    where price_date <= day::date
    group by vault_id

),

rates as (

    select
        vault_id,
        observed_at,
        apy as apy_30d,
        volatility as volatility_30d
    from marts.rolling
    where days = 30

)

select
    vault_id,
    observed_at,
    (epoch_us(day::timestamp) + 86400e6 - epoch_us(observed_at)) / 86400e6 as days_old,
    share_price,
    total_assets,
    share_price / nullif(first_price, 0) - 1 as total_return,
    share_price / nullif(peak_price, 0) - 1 as current_drawdown,
    apy_30d,
    volatility_30d
from prices
left join rates using (vault_id, observed_at)
order by vault_id
