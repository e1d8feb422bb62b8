-- One row per benchmark and UTC day on which it has a level; a return is a quotient.
-- A price or an index is its own level, a vault's is its share price at the day's price
-- point. A rate makes an account: it accrues simply from its day to the next that has
-- one, as the index of SOFR does, and the account has a level on the days between, up
-- to seven; after the last rate too, because rates are published a day late.
-- grain: benchmark, on_date
-- stored
with

sources as (

    select * from staging.benchmark_sources

),

run as (

    select * from staging.run

),

dated as (

    select
        benchmark,
        kind,
        day_count,
        observed_on,
        value
    from staging.benchmarks
    inner join sources using (benchmark)
    cross join run
    where observed_on <= as_of

),

vault_levels as (

    select
        sources.benchmark,
        price_points.price_date as on_date,
        arg_max(price_points.share_price, price_points.observed_at) as level
    from sources
    inner join intermediate.price_points using (vault_id)
    group by sources.benchmark, price_points.price_date

),

rates as (

    select
        benchmark,
        observed_on,
        value / day_count as daily_rate,
        coalesce(lead(observed_on) over by_day, as_of + 1) - observed_on as days
    from dated
    cross join run
    where kind = 'annual_rate'
    window by_day as (partition by benchmark order by observed_on)

),

accounts as (

    select
        *,
        coalesce(product(1 + daily_rate * days) over (
            partition by benchmark order by observed_on
            rows between unbounded preceding and 1 preceding
        ), 1) as level
    from rates

),

account_days as (

    select
        *,
        unnest(generate_series(0, least(days - 1, 7))) as day_number
    from accounts

)

select
    benchmark,
    observed_on as on_date,
    value as level
from dated
where kind != 'annual_rate'
union all
select
    benchmark,
    on_date,
    level
from vault_levels
union all
select
    benchmark,
    observed_on + day_number::integer as on_date,
    level * (1 + daily_rate * day_number) as level
from account_days
