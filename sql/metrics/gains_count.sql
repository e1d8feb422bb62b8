-- Number of returns above zero.
-- label: Gains
-- group: counts, 2
-- grain: vault_id, period
-- formula: count(r > 0)
-- unit: count
-- source: definition
-- null when: the period has no return
select
    vault_id,
    period,
    period_reason as reason,
    case when reason is null then
        gains_count::double
    end as value
from intermediate.period_statistics
