-- Days of record needed to trust, at 95 %, that the Sharpe ratio is above 0.
-- label: Minimum track record
-- group: risk-adjusted, 10
-- grain: vault_id, period
-- formula: (1 + v * (1.644854 / s) ^ 2) * 365 / periods per year
-- unit: days
-- source: Bailey and Lopez de Prado, Journal of Risk, 2012
-- null when: as the probabilistic Sharpe ratio, or the Sharpe ratio is not above 0
-- s is the ratio per return, v is 1 - g3 * s + (g4 - 1) / 4 * s ^ 2;
-- g3 and g4 are skewness and kurtosis of the population
select
    vault_id,
    period,
    coalesce(period_reason, case
        when returns_count < 2 then 'insufficient_data'
        when is_without_dispersion then 'zero_dispersion'
        when sharpe_bracket <= 0 then 'variance_not_positive'
        when sharpe_per_return <= 0 then 'sharpe_not_positive'
    end) as reason,
    case when reason is null then
        (
            1 + sharpe_bracket * (1.6448536269514722e0 / sharpe_per_return) ^ 2
        ) * 365 / periods_per_year
    end as value
from intermediate.period_statistics
