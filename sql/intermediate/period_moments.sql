-- One row per vault with a mark and period: the spread and shape of its returns.
-- Moments are taken about the mean in a second pass over a list of the returns, because
-- sums of powers lose every digit of a steady yield's spread.
-- sum_of_losses and its powers are magnitudes over losses alone.
-- population_skewness and population_kurtosis (a normal has 0 and 3) divide by n.
-- sharpe_per_return is mean / deviation of the sample, not annualised; sharpe_bracket
-- is 1 - skewness * it + (kurtosis - 1) / 4 * it ^ 2, what its variance is made of.
-- grain: vault_id, period
-- stored
-- one thread
with

periods as (

    select * from intermediate.periods where reason is null

),

marks as (

    select * from intermediate.marks where previous_at is not null

),

statistics as (

    select * from intermediate.period_statistics

),

returns as (

    select
        periods.vault_id,
        periods.period,
        list(marks.simple_return) as returns,
        avg(marks.simple_return) as mean
    from marks
    inner join periods
        on marks.vault_id = periods.vault_id
        and marks.observed_at > periods.start_at
    group by all

),

-- a mean named here would be taken anew for each return
deviations as (

    select
        *,
        list_filter(returns, lambda r: r > 0) as gains,
        list_filter(returns, lambda r: r < 0) as losses,
        list_transform(returns, lambda r: r - mean) as deviations
    from returns

),

powers as (

    select
        *,
        list_transform(deviations, lambda d: d * d) as squares,
        list_transform(losses, lambda r: r * r) as squared_losses
    from deviations

),

sums as (

    select
        vault_id,
        period,
        len(gains) as gains_count,
        len(losses) as losses_count,
        len(returns) - gains_count - losses_count as zeros_count,
        coalesce(list_sum(gains), 0) as sum_of_gains,
        -coalesce(list_sum(losses), 0) as sum_of_losses,
        coalesce(list_sum(squared_losses), 0) as sum_of_squared_losses,
        -list_inner_product(squared_losses, losses) as sum_of_cubed_losses,
        list_sum(list_transform(deviations, lambda d: abs(d))) as sum_of_deviations,
        list_sum(squares) / len(returns) as second_moment,
        list_inner_product(squares, deviations) / len(returns) as third_moment,
        list_inner_product(squares, squares) / len(returns) as fourth_moment
    from powers

)

select
    statistics.vault_id,
    statistics.period,
    statistics.period_reason,
    statistics.elapsed_seconds,
    statistics.returns_count,
    statistics.periods_per_year,
    statistics.mean_return,
    statistics.return_deviation,
    statistics.is_without_dispersion,
    sums.gains_count,
    sums.losses_count,
    sums.zeros_count,
    sums.sum_of_gains,
    sums.sum_of_losses,
    sums.sum_of_squared_losses,
    sums.sum_of_cubed_losses,
    sums.sum_of_deviations / statistics.returns_count as mean_absolute_deviation,
    sqrt(sums.second_moment) as population_deviation,
    case when not statistics.is_without_dispersion then
        sums.third_moment / sums.second_moment ^ 1.5
    end as population_skewness,
    case when not statistics.is_without_dispersion then
        sums.fourth_moment / sums.second_moment ^ 2
    end as population_kurtosis,
    case when not statistics.is_without_dispersion then
        statistics.mean_return / statistics.return_deviation
    end as sharpe_per_return,
    1 - population_skewness * sharpe_per_return
        + (population_kurtosis - 1) / 4 * sharpe_per_return ^ 2 as sharpe_bracket
from statistics
left join sums using (vault_id, period)
