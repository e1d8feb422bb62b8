-- Upper end of the 95 % interval of the Sharpe ratio at 0.
-- label: Sharpe ratio, upper 95 %
-- group: risk-adjusted, 7
-- grain: vault_id, period
-- formula: sharpe_ratio_zero + 1.959964 * sharpe_standard_error
-- unit: ratio
-- source: Mertens, 2002; Lo, Financial Analysts Journal, 2002
-- null when: fewer than two returns, all the same, or the variance is not positive
select
    vault_id,
    period,
    coalesce(period_reason, case
        when returns_count < 2 then 'insufficient_data'
        when is_without_dispersion then 'zero_dispersion'
        when sharpe_bracket <= 0 then 'variance_not_positive'
    end) as reason,
    case when reason is null then
        (
            sharpe_per_return
            + 1.959963984540054e0 * sqrt(sharpe_bracket / (returns_count - 1))
        ) * sqrt(periods_per_year)
    end as value
from intermediate.period_statistics
