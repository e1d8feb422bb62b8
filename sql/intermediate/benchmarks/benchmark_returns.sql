-- One row per vault, benchmark and day with a price and a level, after the first such.
-- Both returns lead from the last such day, so that neither side is ever filled in.
-- grain: vault_number, benchmark, observed_at
with

sources as (

    select * from staging.benchmark_sources

),

vaults as (

    select * from staging.vaults

),

-- a vault's inception may share its day with the day's last price point
points as (

    select * from intermediate.price_returns
    where next_at is null or make_timestamp(epoch_us(next_at))::date != price_date

),

levels as (

    select * from intermediate.benchmark_levels

),

matched as (

    select
        points.vault_number,
        levels.benchmark,
        points.observed_at,
        points.price_date,
        points.share_price,
        levels.level,
        lag(points.observed_at) over by_time as previous_at,
        lag(points.price_date) over by_time as previous_date,
        lag(points.share_price) over by_time as previous_price,
        lag(levels.level) over by_time as previous_level
    from points
    inner join levels on points.price_date = levels.on_date
    inner join sources using (benchmark)
    inner join vaults on points.vault_number = vaults.vault_number
    where sources.vault_id is distinct from vaults.vault_id
    window by_time as (
        partition by points.vault_number, levels.benchmark order by points.observed_at
    )

)

select
    matched.vault_number,
    matched.benchmark,
    matched.observed_at,
    matched.previous_at,
    share_price,
    previous_price,
    matched.level,
    previous_level,
    (epoch_us(observed_at) - epoch_us(previous_at)) / 1e6 as elapsed_seconds,
    case
        when previous_price > 0 then share_price / previous_price - 1
        when previous_price = 0 then 0
    end as simple_return,
    case
        when previous_level > 0 then matched.level / previous_level - 1
        when previous_level = 0 then 0
    end as benchmark_return,
    coalesce(
        rates.level / previous_rates.level,
        exp(
            (select ln(1 + risk_free_rate) from staging.run)
            * elapsed_seconds / 31536000
        )
    ) - 1 as risk_free_return
from matched
left join intermediate.risk_free_levels as rates
    on matched.price_date = rates.on_date
left join intermediate.risk_free_levels as previous_rates
    on matched.previous_date = previous_rates.on_date
where previous_at is not null
