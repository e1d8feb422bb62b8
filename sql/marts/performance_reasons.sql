-- One row per undefined figure of marts.performance: why it is undefined.
-- grain: vault_id, period, metric
-- view
-- columns:
--   vault_id: the vault's id in the config
--   period: as in marts.performance
--   metric: the column of marts.performance that is null
--   reason: code, explained in marts.reasons
select
    vault_id,
    period,
    metric,
    reason
from marts.performance_long
where value is null
