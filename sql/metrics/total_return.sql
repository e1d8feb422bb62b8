-- Change of the share price over the period.
-- label: Total return
-- group: returns, 1
-- grain: vault_id, period
-- formula: p_end / p_start - 1
-- unit: fraction
-- source: Bacon, Practical Portfolio Performance Measurement, 2nd ed. 2008, ch. 2
-- null when: the period has fewer than two price points or no good anchor
select
    vault_id,
    period,
    period_reason as reason,
    case when reason is null then
        end_price / start_price - 1
    end as value
from intermediate.period_statistics
