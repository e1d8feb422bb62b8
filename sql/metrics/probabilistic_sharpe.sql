-- Probability that the true Sharpe ratio is above 0.
-- label: Probabilistic Sharpe ratio
-- group: risk-adjusted, 8
-- grain: vault_id, period
-- formula: Phi(sharpe_ratio_zero / sharpe_standard_error)
-- unit: probability
-- source: Bailey and Lopez de Prado, Journal of Risk, 2012
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
        intermediate.normal_cdf(
            sharpe_per_return / sqrt(sharpe_bracket / (returns_count - 1))
        )
    end as value
from intermediate.period_statistics
