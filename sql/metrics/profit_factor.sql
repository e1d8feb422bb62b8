-- Gains per unit of losses: the Omega ratio under the name traders know.
-- label: Profit factor
-- group: counts, 7
-- grain: vault_id, period
-- formula: sum of gains / |sum of losses|
-- unit: ratio
-- source: definition
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
