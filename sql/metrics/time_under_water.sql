-- Share of the price points at which the share price was below an earlier peak.
-- label: Time under water
-- group: drawdown, 6
-- grain: vault_id, period
-- formula: count(drawdown < 0) / n
-- unit: fraction
-- source: definition
-- null when: the period has fewer than two price points
select
    vault_id,
    period,
    period_reason as reason,
    case when reason is null then
        points_below / returns_count
    end as value
from intermediate.period_drawdowns
