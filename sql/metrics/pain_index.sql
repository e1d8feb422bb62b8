-- Mean of the drawdown over all price points; a magnitude.
-- label: Pain index
-- group: drawdown, 8
-- grain: vault_id, period
-- formula: sum(|drawdown|) / n
-- unit: fraction
-- source: Becker, Zephyr Associates, 2006; Bacon 2008, ch. 4
-- null when: the period has fewer than two price points
select
    vault_id,
    period,
    period_reason as reason,
    case when reason is null then
        abs(sum_of_drawdowns) / returns_count
    end as value
from intermediate.period_drawdowns
