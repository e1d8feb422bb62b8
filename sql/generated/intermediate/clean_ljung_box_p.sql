-- Probability of autocorrelations this large to lag 6 if there were none.
-- label: Ljung-Box p
-- group: risk-adjusted, 18
-- grain: vault_id, period
-- formula: chi-square tail of n * (n + 2) * sum(autocorrelation k ^ 2 / (n - k))
-- unit: probability
-- source: Ljung and Box, Biometrika, 1978
-- null when: no more than six returns, or all the same
-- with six degrees the tail is exp(-h) * (1 + h + h ^ 2 / 2), h half the statistic
-- under 0.05 the headline Sharpe ratio is that of Newey and West
-- generated from metrics.ljung_box_p by make golden
with

figures as (

    select
        *,
        returns_count * (returns_count + 2) / 2 * list_sum(list_transform(
            autocovariances[2:7],
            lambda c, k: (c / autocovariances[1]) ^ 2 / (returns_count - k)
        )) as half
    from intermediate.clean_period_autocovariances as period_autocovariances

)

select
    vault_id,
    period,
    coalesce(period_reason, case
        when returns_count <= 6 then 'insufficient_data'
        when is_without_dispersion then 'zero_dispersion'
    end) as reason,
    case when reason is null then
        exp(-half) * (1 + half + half ^ 2 / 2)
    end as value
from figures
