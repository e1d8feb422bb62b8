-- One row per vault and UTC day: what its asset cost in US dollars, where it is told.
-- The vault's own readings in both tell it, else the benchmark that the config names.
-- grain: vault_id, price_date
-- stored
with

told as (

    select
        vault_id,
        make_timestamp(epoch_us(observed_at))::date as price_date,
        arg_max(asset_price, (observed_at, file_id, line)) as asset_price,
        1 as rank
    from intermediate.usd_readings
    where asset_price is not null
    group by all

    union all

    select
        asset_prices.vault_id,
        benchmarks.observed_on,
        benchmarks.value,
        2
    from staging.asset_prices as asset_prices
    inner join staging.benchmarks as benchmarks using (benchmark)
    where benchmarks.value > 0

)

select
    vault_id,
    price_date,
    arg_min(asset_price, rank) as asset_price
from told
group by vault_id, price_date
