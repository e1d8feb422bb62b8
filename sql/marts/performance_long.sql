-- One row per vault with a mark, period and metric: its value, or why it has none.
-- grain: vault_id, period, metric
-- for each metric
-- columns:
--   vault_id: the vault's id in the config
--   period: as in marts.performance
--   metric: as in marts.metric_definitions
--   value: the figure; null where it is undefined
--   reason: why it is undefined: code, explained in marts.reasons
--   unit: as in marts.metric_definitions
select
    vault_id,
    period,
    '{metric}' as metric,
    case when isfinite(value) then value end as value,
    case when isfinite(value) is false then 'out_of_range' else reason end as reason,
    '{unit}' as unit
from metrics.{metric}
