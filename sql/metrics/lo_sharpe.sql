-- Sharpe ratio at 0 scaled to a year by what autocorrelation leaves of the root.
-- label: Sharpe ratio, Lo's eta
-- group: risk-adjusted, 12
-- grain: vault_id, period
-- formula: s * q / sqrt(q + 2 * sum((q - k) * autocorrelation k)), q = periods per year
-- unit: ratio
-- source: Lo, Financial Analysts Journal, 2002
-- null when: as the Newey-West Sharpe ratio, or the variance is not positive
-- counts as many lags as the Newey-West Sharpe ratio; noisy, so take it as secondary
with

figures as (

    select
        *,
        case when returns_count > 2 * lags then
            periods_per_year + 2 * list_inner_product(
                autocovariances[2:lags + 1],
                list_transform(range(1, lags + 1), lambda k: periods_per_year - k)
            ) / autocovariances[1]
        end as scaled_variance
    from intermediate.period_autocovariances

)

select
    vault_id,
    period,
    coalesce(period_reason, case
        when returns_count < 2 then 'insufficient_data'
        when is_without_dispersion then 'zero_dispersion'
        when returns_count <= 2 * lags then 'insufficient_data'
        when scaled_variance <= 0 then 'variance_not_positive'
    end) as reason,
    case when reason is null then
        sharpe_per_return * periods_per_year / sqrt(scaled_variance)
    end as value
from figures
