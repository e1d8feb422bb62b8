-- Root of the squared depths of all episodes over the number of returns; a magnitude.
-- label: Drawdown deviation
-- group: drawdown, 4
-- grain: vault_id, period
-- formula: sqrt(sum(depth ^ 2) / n)
-- unit: fraction
-- source: Bacon 2008, ch. 4
-- null when: the period has fewer than two price points
select
    vault_id,
    period,
    period_reason as reason,
    case when reason is null then
        sqrt(sum_of_squared_depths / returns_count)
    end as value
from intermediate.period_drawdowns
