-- How much larger the long-run deviation is than the daily one; over 1 is smoothed.
-- label: Smoothing factor
-- group: risk-adjusted, 14
-- grain: vault_id, period
-- formula: sqrt(long-run variance) / stddev(r, n - 1)
-- unit: ratio
-- source: Newey and West, Econometrica, 1987
-- null when: no more returns than twice the lags, or all the same
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
        sqrt(long_run_variance) / return_deviation
    end as value
from intermediate.period_autocovariances
