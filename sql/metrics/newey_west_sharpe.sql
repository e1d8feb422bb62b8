-- Sharpe ratio at 0 by the long-run deviation, which sees through smoothed prices.
-- label: Newey-West Sharpe ratio
-- group: risk-adjusted, 11
-- grain: vault_id, period
-- formula: mean(r) / sqrt(long-run variance) * sqrt(periods per year)
-- unit: ratio
-- source: Newey and West, Econometrica, 1987; Lo, Financial Analysts Journal, 2002
-- null when: no more returns than twice the lags, or all the same
-- Bartlett weights to lag 28; to lag 3 where price points are over four days apart
select
    vault_id,
    period,
    coalesce(period_reason, case
        when returns_count < 2 then 'insufficient_data'
        when is_without_dispersion then 'zero_dispersion'
        when returns_count <= 2 * lags then 'insufficient_data'
        when long_run_variance <= 0 then 'variance_not_positive'
    end) as reason,
    case when reason is null then
        mean_return / sqrt(long_run_variance) * sqrt(periods_per_year)
    end as value
from intermediate.period_autocovariances
