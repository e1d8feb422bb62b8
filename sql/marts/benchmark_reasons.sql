-- One row per undefined figure of marts.benchmark_comparison: why it is undefined.
-- grain: vault_id, period, benchmark, figure
-- columns:
--   vault_id: the vault's id in the config
--   period: as in marts.performance
--   benchmark: as in marts.benchmarks
--   figure: the column of marts.benchmark_comparison that is null
--   reason: code, explained in marts.reasons
select
    vault_id,
    period,
    benchmark,
    regexp_replace(column_name, '_reason$', '') as figure,
    reason
from intermediate.benchmark_figures
unpivot (reason for column_name in (columns('_reason$')))
