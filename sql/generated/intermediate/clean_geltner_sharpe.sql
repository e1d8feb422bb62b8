-- Sharpe ratio at 0 after taking out the first autocorrelation, as for appraisals.
-- label: Geltner Sharpe ratio
-- group: risk-adjusted, 13
-- grain: vault_id, period
-- formula: as sharpe_ratio_zero, of u = (r - a * r before) / (1 - a)
-- unit: ratio
-- source: Geltner, Journal of Real Estate Research, 1993
-- null when: fewer than three returns, all the same, or autocorrelation a is 1
-- over-corrects where prices are averages of several days
-- generated from metrics.geltner_sharpe by make golden
with

correlated as (

    select
        *,
        autocovariances[2] / autocovariances[1] as correlation,
        autocovariances[1] * returns_count as squares
    from intermediate.clean_period_autocovariances as period_autocovariances

),

-- sums over the returns but the first, from those over all
unsmoothed as (

    select
        *,
        -first_deviation + correlation * last_deviation as excess_sum,
        squares - first_deviation ^ 2
            - 2 * correlation * autocovariances[2] * returns_count
            + correlation ^ 2 * (squares - last_deviation ^ 2) as excess_squares,
        returns_count - 1 as n
    from correlated

),

figures as (

    select
        *,
        mean_return + excess_sum / n / (1 - correlation) as mean,
        (excess_squares - excess_sum ^ 2 / n) / (n - 1)
            / (1 - correlation) ^ 2 as variance
    from unsmoothed

)

select
    vault_id,
    period,
    coalesce(period_reason, case
        when returns_count < 3 then 'insufficient_data'
        when is_without_dispersion then 'zero_dispersion'
        when abs(correlation) >= 1 or variance <= 0 then 'variance_not_positive'
    end) as reason,
    case when reason is null then
        mean / sqrt(variance) * sqrt(periods_per_year)
    end as value
from figures
