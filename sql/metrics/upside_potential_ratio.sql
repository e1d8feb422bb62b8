-- Mean gain over all returns per unit of downside deviation; not annualised.
-- label: Upside potential ratio
-- group: downside, 5
-- grain: vault_id, period
-- formula: (sum(max(r, 0)) / n) / sqrt(sum(min(r, 0) ^ 2) / n)
-- unit: ratio
-- source: Sortino, van der Meer and Plantinga, Journal of Portfolio Management, 1999
-- null when: no return was a loss
select
    vault_id,
    period,
    coalesce(period_reason, case
        when losses_count = 0 then 'no_downside'
    end) as reason,
    case when reason is null then
        sum_of_gains / returns_count
            / sqrt(sum_of_squared_losses / returns_count)
    end as value
from intermediate.period_statistics
