-- Number of returns below zero; few make every ratio over losses uncertain.
-- label: Losses
-- group: counts, 3
-- grain: vault_id, period
-- formula: count(r < 0)
-- unit: count
-- source: definition
-- null when: the period has no return
select
    vault_id,
    period,
    period_reason as reason,
    case when reason is null then
        losses_count::double
    end as value
from intermediate.period_statistics
