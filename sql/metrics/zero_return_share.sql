-- Share of the returns that were zero: prices read and unchanged.
-- label: Zero returns
-- group: counts, 4
-- grain: vault_id, period
-- formula: count(r = 0) / n
-- unit: fraction
-- source: definition
-- null when: the period has no return
select
    vault_id,
    period,
    period_reason as reason,
    case when reason is null then
        zeros_count / returns_count
    end as value
from intermediate.period_statistics
