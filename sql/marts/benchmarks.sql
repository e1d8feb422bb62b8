-- One row per configured benchmark: what it is, and how far it reaches.
-- grain: benchmark
-- units:
--   days: day_count
--   count: days_count
-- columns:
--   benchmark: its name in the config
--   kind: price, index, annual_rate, or vault: another vault's share price
--   day_count: days of a rate's year, over which it accrues
--   vault_id: the vault whose share price it is
--   is_risk_free: whether the Sharpe ratio is measured above it
--   first_on: first UTC day with a value by the as-of day
--   last_on: last UTC day with a value by the as-of day
--   days_count: days with a level; of a rate also those between two values
with

levels as (

    select
        benchmark,
        min(on_date) as first_on,
        max(on_date) as last_on,
        count(*) as days_count
    from intermediate.benchmark_levels
    group by benchmark

)

select
    benchmark,
    kind,
    day_count,
    vault_id,
    is_risk_free,
    first_on,
    last_on,
    coalesce(days_count, 0) as days_count
from staging.benchmark_sources
left join levels using (benchmark)
order by config_position
