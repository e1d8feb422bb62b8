-- Standard error of the Sharpe ratio at 0, from the shape of the returns.
-- label: Sharpe standard error
-- group: risk-adjusted, 5
-- grain: vault_id, period
-- formula: sqrt((1 - g3 * s + (g4 - 1) / 4 * s ^ 2) / (n - 1)) * sqrt(periods per year)
-- unit: ratio
-- source: Mertens, 2002; Lo, Financial Analysts Journal, 2002
-- null when: fewer than two returns, all the same, or the variance is not positive
-- s is the ratio per return; g3, g4 are skewness and kurtosis of the population
select
    vault_id,
    period,
    coalesce(period_reason, case
        when returns_count < 2 then 'insufficient_data'
        when is_without_dispersion then 'zero_dispersion'
        when sharpe_bracket <= 0 then 'variance_not_positive'
    end) as reason,
    case when reason is null then
        sqrt(sharpe_bracket / (returns_count - 1)) * sqrt(periods_per_year)
    end as value
from intermediate.period_statistics
