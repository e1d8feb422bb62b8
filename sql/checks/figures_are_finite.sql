-- A figure of marts.performance_long that is not a number, or infinite.
select
    vault_id,
    period,
    metric,
    value
from marts.performance_long
where not isfinite(value)
