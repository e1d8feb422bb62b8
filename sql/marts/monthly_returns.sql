-- One row per vault and calendar month (UTC) from its first price point to its last.
-- grain: vault_id, month
-- units:
--   fraction: total_return
-- columns:
--   vault_id: the vault's id in the config
--   month: first day of the month
--   total_return: last price point of the month / last price point before it - 1
--   reason: why total_return is null
--   is_partial: whether the record covers only a part of the month
--   spans_gap: whether the return also covers months without a price point before it
select
    vault_id,
    starts_on as month,
    total_return,
    reason,
    is_partial,
    spans_gap
from intermediate.calendar_returns
where unit = 'month'
