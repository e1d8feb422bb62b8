-- Mean gain per unit of the mean loss.
-- label: Payoff ratio
-- group: counts, 8
-- grain: vault_id, period
-- formula: (sum of gains / count of gains) / (|sum of losses| / count of losses)
-- unit: ratio
-- source: definition
-- null when: no return was a loss, or none a gain
select
    vault_id,
    period,
    coalesce(period_reason, case
        when losses_count = 0 then 'no_downside'
        when gains_count = 0 then 'zero_denominator'
    end) as reason,
    case when reason is null then
        sum_of_gains / gains_count / (sum_of_losses / losses_count)
    end as value
from intermediate.period_statistics
