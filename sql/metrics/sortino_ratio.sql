-- Mean return per unit of downside deviation, with no hurdle.
-- label: Sortino ratio
-- group: downside, 2
-- grain: vault_id, period
-- formula: mean(r) / sqrt(sum(min(r, 0) ^ 2) / n) * sqrt(periods per year)
-- unit: ratio
-- source: Sortino and Price, Journal of Investing, 1994
-- null when: no return was a loss
select
    vault_id,
    period,
    coalesce(period_reason, case
        when losses_count = 0 then 'no_downside'
    end) as reason,
    case when reason is null then
        mean_return / sqrt(sum_of_squared_losses / returns_count)
            * sqrt(periods_per_year)
    end as value
from intermediate.period_statistics
