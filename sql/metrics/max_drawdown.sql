-- Largest fall of the share price from an earlier peak of the period.
-- label: Maximum drawdown
-- group: drawdown, 1
-- grain: vault_id, period
-- formula: min over t of p_t / max(p_s, s <= t) - 1
-- unit: fraction
-- source: Bacon 2008, ch. 4; losses are negative
-- null when: the period has fewer than two price points
select
    vault_id,
    period,
    period_reason as reason,
    case when reason is null then
        max_drawdown
    end as value
from intermediate.period_drawdowns
