-- One row: what the run was asked for.
-- grain: as_of
-- units:
--   asset: min_total_assets
--   fraction per year: risk_free_rate
-- columns:
--   as_of: the last UTC day included
--   until_at: the first instant not included
--   risk_free_rate: fraction per year that the Sharpe ratio is measured against
--   risk_free_series: benchmark of dated rates that it is measured against instead
--   min_total_assets: start rule: a record starts when a vault first holds this much
with

series as (

    select benchmark
    from staging.benchmark_sources
    where is_risk_free

)

select
    as_of,
    until_at,
    risk_free_rate,
    (select benchmark from series) as risk_free_series,
    min_total_assets
from staging.run
