-- Lowest return between two consecutive price points, in general of one day.
-- label: Worst day
-- group: returns, 7
-- grain: vault_id, period
-- formula: min(r)
-- unit: fraction
-- source: definition
-- null when: the period has no return
select
    vault_id,
    period,
    period_reason as reason,
    case when reason is null then
        lowest_return
    end as value
from intermediate.period_statistics
