-- Annualised root mean square of the losses over all returns, with no hurdle.
-- label: Downside deviation
-- group: downside, 1
-- grain: vault_id, period
-- formula: sqrt(sum(min(r, 0) ^ 2) / n) * sqrt(periods per year)
-- unit: fraction per year
-- source: Sortino and Price, Journal of Investing, 1994
-- null when: the period has no return
select
    vault_id,
    period,
    period_reason as reason,
    case when reason is null then
        sqrt(sum_of_squared_losses / returns_count) * sqrt(periods_per_year)
    end as value
from intermediate.period_statistics
