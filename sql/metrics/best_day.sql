-- Highest return between two consecutive price points, in general of one day.
-- label: Best day
-- group: returns, 6
-- grain: vault_id, period
-- formula: max(r)
-- unit: fraction
-- source: definition
-- null when: the period has no return
select
    vault_id,
    period,
    period_reason as reason,
    case when reason is null then
        highest_return
    end as value
from intermediate.period_statistics
