-- Mean distance of a return from the mean return; not annualised.
-- label: Mean absolute deviation
-- group: shape, 3
-- grain: vault_id, period
-- formula: mean(|r - mean(r)|)
-- unit: fraction
-- source: Bacon 2008, ch. 4
-- null when: the period has no return
select
    vault_id,
    period,
    period_reason as reason,
    case when reason is null then
        mean_absolute_deviation
    end as value
from intermediate.period_statistics
