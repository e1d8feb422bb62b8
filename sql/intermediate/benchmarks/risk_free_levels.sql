-- One row per UTC day on which the account at the risk-free rate has a level.
-- Without a configured series of rates there is none.
-- grain: on_date
select
    on_date,
    level
from intermediate.benchmark_levels
semi join (
    select benchmark
    from staging.benchmark_sources
    where is_risk_free
) using (benchmark)
