-- Mean return above the configured risk-free rate per unit of volatility.
-- label: Sharpe ratio
-- group: risk-adjusted, 4
-- grain: vault_id, period
-- formula: mean(x) / stddev(x) * sqrt(periods per year), x = r - (1 + rate) ^ years + 1
-- unit: ratio
-- source: Sharpe, Journal of Portfolio Management, 1994, arithmetic form
-- null when: fewer than two returns, no risk-free rate, or no dispersion in r or x
-- stddev is the sample's (n - 1); years are each return's own, seconds / 31536000
select
    vault_id,
    period,
    coalesce(period_reason, case
        when returns_count < 2 then 'insufficient_data'
        when mean_excess_return is null then 'no_risk_free_rate'
        -- a vault that pays the very rate leaves rounding to divide by
        when is_without_dispersion or excess_return_deviation <= 1e-13
            then 'zero_dispersion'
    end) as reason,
    case when reason is null then
        mean_excess_return / excess_return_deviation
            * sqrt(periods_per_year)
    end as value
from intermediate.period_statistics
