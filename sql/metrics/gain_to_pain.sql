-- Sum of all returns per unit of the sum of the losses.
-- label: Gain to pain
-- group: downside, 6
-- grain: vault_id, period
-- formula: sum(r) / sum(max(-r, 0))
-- unit: ratio
-- source: Schwager, Hedge Fund Market Wizards, 2012
-- null when: no return was a loss
select
    vault_id,
    period,
    coalesce(period_reason, case
        when losses_count = 0 then 'no_downside'
    end) as reason,
    case when reason is null then
        (sum_of_gains - sum_of_losses) / sum_of_losses
    end as value
from intermediate.period_statistics
