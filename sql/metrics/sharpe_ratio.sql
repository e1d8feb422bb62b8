-- Mean return above the configured risk-free rate per unit of volatility.
-- label: Sharpe ratio
-- grain: vault_id, period
-- formula: x = r - ((1 + rate) ^ (its seconds / 31536000) - 1); mean(x) / stddev(x, n - 1) * sqrt(periods per year)
-- unit: ratio
-- source: Sharpe, Journal of Portfolio Management, 1994, arithmetic form
-- null when: fewer than two returns, no risk-free rate configured, or all returns the same
select
    vault_id,
    period,
    coalesce(period_reason, case
        when returns_count < 2 then 'insufficient_data'
        when mean_excess_return is null then 'no_risk_free_rate'
        when is_without_dispersion then 'zero_dispersion'
    end) as reason,
    case when reason is null then
        mean_excess_return / excess_return_deviation
            * sqrt(periods_per_year)
    end as value
from intermediate.period_statistics
