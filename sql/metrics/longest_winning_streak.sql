-- Most gains in a row.
-- label: Longest winning streak
-- group: counts, 5
-- grain: vault_id, period
-- formula: longest run of returns above zero
-- unit: count
-- source: definition
-- null when: the period has no return
select
    vault_id,
    period,
    period_reason as reason,
    case when reason is null then
        longest_winning_streak::double
    end as value
from intermediate.period_streaks
