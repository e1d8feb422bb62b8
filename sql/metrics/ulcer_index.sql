-- Root mean square of the drawdown over all price points; a magnitude.
-- label: Ulcer index
-- group: drawdown, 7
-- grain: vault_id, period
-- formula: sqrt(sum(drawdown ^ 2) / n)
-- unit: fraction
-- source: Martin and McCann, The Investor's Guide to Fidelity Funds, 1989
-- null when: the period has fewer than two price points
select
    vault_id,
    period,
    period_reason as reason,
    case when reason is null then
        sqrt(sum_of_squared_drawdowns / returns_count)
    end as value
from intermediate.period_drawdowns
