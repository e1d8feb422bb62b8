-- Sum of the gains per unit of the sum of the losses.
-- label: Omega ratio
-- group: downside, 3
-- grain: vault_id, period
-- formula: sum(max(r, 0)) / sum(max(-r, 0))
-- unit: ratio
-- source: Keating and Shadwick, Journal of Performance Measurement, 2002
-- null when: no return was a loss
select
    vault_id,
    period,
    coalesce(period_reason, case
        when losses_count = 0 then 'no_downside'
    end) as reason,
    case when reason is null then
        sum_of_gains / sum_of_losses
    end as value
from intermediate.period_statistics
