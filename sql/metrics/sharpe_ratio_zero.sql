-- Mean return per unit of volatility, with no hurdle.
-- label: Sharpe ratio at 0
-- group: risk-adjusted, 3
-- grain: vault_id, period
-- formula: mean(r) / stddev(r, n - 1) * sqrt(periods per year)
-- unit: ratio
-- source: Sharpe, Journal of Portfolio Management, 1994, arithmetic form
-- null when: fewer than two returns, or all returns the same
select
    vault_id,
    period,
    coalesce(period_reason, case
        when returns_count < 2 then 'insufficient_data'
        when is_without_dispersion then 'zero_dispersion'
    end) as reason,
    case when reason is null then
        mean_return / return_deviation * sqrt(periods_per_year)
    end as value
from intermediate.period_statistics
