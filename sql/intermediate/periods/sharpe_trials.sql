-- One row per period with two Sharpe ratios or more: what luck makes of as many trials.
-- A trial is the ratio of a vault that may have a place in a ranking, of least_returns
-- returns or more: others are no choice that anybody has.
-- highest_by_chance is the highest Sharpe ratio per return that so many vaults without
-- skill would show, given how far their ratios spread: sqrt(variance) *
-- ((1 - g) * z(1 - 1 / N) + g * z(1 - 1 / (N * e))), g being Euler's constant.
-- grain: period
-- stored
-- one thread
with

limits as (

    select * from staging.thresholds

),

trials as (

    select
        period,
        count(sharpe_per_return) as vaults_count,
        var_samp(sharpe_per_return) as variance
    from intermediate.period_statistics
    anti join intermediate.ineligibilities using (vault_id)
    cross join limits
    where returns_count >= least_returns
    group by period
    having vaults_count > 1

)

select
    period,
    vaults_count,
    sqrt(variance) * (
        (1 - 0.5772156649015329e0)
            * intermediate.normal_quantile(1 - 1 / vaults_count)
        + 0.5772156649015329e0
            * intermediate.normal_quantile(1 - 1 / (vaults_count * exp(1)))
    ) as highest_by_chance
from trials
