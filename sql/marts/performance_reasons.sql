-- One row per undefined figure of marts.performance: why it is undefined.
-- grain: vault_id, period, metric
-- columns:
--   vault_id: the vault's id in the config
--   period: as in marts.performance
--   metric: the column of marts.performance that is null
--   reason: code, explained in marts.reasons
select
    vault_id,
    period,
    regexp_replace(column_name, '_reason$', '') as metric,
    reason
from metrics.figures
unpivot (reason for column_name in (columns('_reason$')))
