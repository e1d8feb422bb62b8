-- Mean depth of the episodes in which the share price was below an earlier peak.
-- label: Average drawdown
-- group: drawdown, 3
-- grain: vault_id, period
-- formula: mean of the deepest fall of each episode
-- unit: fraction
-- source: Bacon 2008, ch. 4; losses are negative
-- null when: the share price never fell below an earlier peak
select
    vault_id,
    period,
    coalesce(period_reason, case
        when episodes_count = 0 then 'no_drawdown'
    end) as reason,
    case when reason is null then
        average_depth
    end as value
from intermediate.period_drawdowns
