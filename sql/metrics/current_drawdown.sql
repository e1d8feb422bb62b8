-- Fall of the last share price from the peak of the period.
-- label: Current drawdown
-- group: drawdown, 2
-- grain: vault_id, period
-- formula: p_end / max(p) - 1
-- unit: fraction
-- source: Bacon 2008, ch. 4; losses are negative
-- null when: the period has fewer than two price points
select
    vault_id,
    period,
    period_reason as reason,
    case when reason is null then
        current_drawdown
    end as value
from intermediate.period_drawdowns
