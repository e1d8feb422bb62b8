-- Longest time from a peak until the share price was back, or until now.
-- label: Longest drawdown
-- group: drawdown, 5
-- grain: vault_id, period
-- formula: max(recovery - peak), the last price point ending an open episode
-- unit: days
-- source: Bacon 2008, ch. 4
-- null when: the share price never fell below an earlier peak
select
    vault_id,
    period,
    coalesce(period_reason, case
        when episodes_count = 0 then 'no_drawdown'
    end) as reason,
    case when reason is null then
        longest_days
    end as value
from intermediate.period_drawdowns
