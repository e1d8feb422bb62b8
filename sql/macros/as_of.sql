-- Every vault as it stood at the end of a day, by the prices known today.
-- arguments: day
-- example: select vault_id, share_price, apy_30d from marts.as_of('2025-08-31')
-- total_return is null where there is one price point; apy_30d and volatility_30d where
-- the window was not full or the last price point is over two days older than the day's
-- end
with

prices as (

    select
        vault_id,
        max(observed_at) as observed_at,
        arg_min(share_price, observed_at) as first_price,
        arg_max(share_price, observed_at) as share_price,
        arg_max(total_assets, observed_at) as total_assets,
        max(share_price) as peak_price,
        count(*) as price_points_count
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
    case when price_points_count > 1 then
        share_price / nullif(first_price, 0) - 1
    end as total_return,
    share_price / nullif(peak_price, 0) - 1 as current_drawdown,
    case when days_old <= 2 then apy_30d end as apy_30d,
    case when days_old <= 2 then volatility_30d end as volatility_30d
from prices
left join rates using (vault_id, observed_at)
order by vault_id
