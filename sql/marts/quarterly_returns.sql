-- One row per vault and calendar quarter (UTC) from its first price point to its last.
-- grain: vault_id, quarter
-- units:
--   fraction: total_return
-- columns:
--   vault_id: the vault's id in the config
--   quarter: first day of the quarter
--   total_return: last price point of the quarter / last price point before it - 1
--   reason: why total_return is null
--   is_partial: whether the record covers only a part of the quarter
--   spans_gap: whether the return also covers quarters without a price point before it
select
    vault_id,
    starts_on as quarter,
    total_return,
    reason,
    is_partial,
    spans_gap
from intermediate.calendar_returns
where unit = 'quarter'
