-- One row per vault and calendar year (UTC) from its first price point to its last.
-- grain: vault_id, year
-- units:
--   fraction: total_return
--   year: year
-- columns:
--   vault_id: the vault's id in the config
--   year: the calendar year (UTC)
--   total_return: last price point of the year / last price point before it - 1
--   reason: why total_return is null
--   is_partial: whether the record covers only a part of the year
--   spans_gap: whether the return also covers years without a price point before it
select
    vault_id,
    year(starts_on) as year,
    total_return,
    reason,
    is_partial,
    spans_gap
from intermediate.calendar_returns
where unit = 'year'
