-- Mean return per unit of the cube root of the third lower moment; not annualised.
-- label: Kappa 3
-- group: downside, 4
-- grain: vault_id, period
-- formula: mean(r) / (sum(max(-r, 0) ^ 3) / n) ^ (1 / 3)
-- unit: ratio
-- source: Kaplan and Knowles, Journal of Performance Measurement, 2004
-- null when: no return was a loss
select
    vault_id,
    period,
    coalesce(period_reason, case
        when losses_count = 0 then 'no_downside'
    end) as reason,
    case when reason is null then
        mean_return / (sum_of_cubed_losses / returns_count) ^ (1 / 3)
    end as value
from intermediate.period_statistics
