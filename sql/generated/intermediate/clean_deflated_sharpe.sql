-- Probability that the true Sharpe ratio is above the best that luck would show.
-- label: Deflated Sharpe ratio
-- group: risk-adjusted, 9
-- grain: vault_id, period
-- formula: Phi((s - highest by chance) / standard error of s), over eligible vaults
-- unit: probability
-- source: Bailey and Lopez de Prado, Journal of Portfolio Management, 2014
-- null when: as the probabilistic Sharpe ratio, or fewer than two eligible ones
-- generated from metrics.deflated_sharpe by make golden
with

trials as (

    select * from intermediate.sharpe_trials

),

figures as (

    select
        statistics.*,
        trials.highest_by_chance
    from intermediate.clean_period_statistics as statistics
    left join trials using (period)

)

select
    vault_id,
    period,
    coalesce(period_reason, case
        when returns_count < 2 then 'insufficient_data'
        when is_without_dispersion then 'zero_dispersion'
        when sharpe_bracket <= 0 then 'variance_not_positive'
        when highest_by_chance is null then 'insufficient_data'
    end) as reason,
    case when reason is null then
        intermediate.normal_cdf(
            (sharpe_per_return - highest_by_chance)
                / sqrt(sharpe_bracket / (returns_count - 1))
        )
    end as value
from figures
