-- Most losses in a row.
-- label: Longest losing streak
-- group: counts, 6
-- grain: vault_id, period
-- formula: longest run of returns below zero
-- unit: count
-- source: definition
-- null when: the period has no return
select
    vault_id,
    period,
    period_reason as reason,
    case when reason is null then
        longest_losing_streak::double
    end as value
from intermediate.period_streaks
