-- One row per vault with a price point and period: the sums most metrics are made of.
-- Taken in one pass over the returns; empty where the period has a reason. Moments are
-- taken about the mean from a list of the returns, because sums of powers lose every
-- digit of a steady yield's spread.
-- growth_per_year is what one becomes in a year: 1 + the compound rate.
-- periods_per_year is by elapsed time: returns / (elapsed seconds / 31536000).
-- sum_of_losses and its powers are magnitudes, over losses alone.
-- population_skewness and population_kurtosis (a normal has 0 and 3) divide by n.
-- sharpe_per_return is mean / deviation of the sample, not annualised; sharpe_bracket
-- is 1 - skewness * it + (kurtosis - 1) / 4 * it ^ 2, what its variance is made of.
-- grain: vault_id, period
-- stored
-- in halves
with

periods as (

    select * from intermediate.periods

),

rates as (

    select * from intermediate.risk_free_levels

),

-- a risk-free return is that of the account at the dated rates, or else
-- (1 + rate) ^ (elapsed seconds / 31536000) - 1
points as (

    select
        vault_number,
        observed_at,
        share_price,
        simple_return,
        simple_return + 1 - coalesce(
            rates.level / previous_rates.level,
            exp(
                (select ln(1 + risk_free_rate) from staging.run)
                * elapsed_seconds / 31536000
            )
        ) as excess_return
    from intermediate.price_returns
    left join rates on price_date = rates.on_date
    left join rates as previous_rates
        on make_timestamp(epoch_us(previous_at))::date = previous_rates.on_date
    where previous_at is not null

),

returns as (

    select
        periods.period_id,
        count(*) as n,
        list(points.simple_return) as returns,
        list(points.excess_return) as excess_returns,
        avg(points.simple_return) as mean,
        -- undefined where a day has no rate
        case when count(points.excess_return) = n then
            avg(points.excess_return)
        end as mean_excess,
        min(points.simple_return) as lowest,
        max(points.simple_return) as highest,
        max(points.share_price) as highest_price
    from points
    inner join periods
        on points.vault_number = periods.vault_number
        and points.observed_at > periods.start_at
        and periods.reason is null
    group by periods.period_id

),

-- a mean named here would be taken anew for each return
deviations as (

    select
        *,
        list_filter(returns, lambda r: r > 0) as gains,
        list_filter(returns, lambda r: r < 0) as losses,
        list_transform(returns, lambda r: r - mean) as deviations,
        list_transform(
            excess_returns, lambda x: (x - mean_excess) * (x - mean_excess)
        ) as excess_squares
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
        period_id,
        n,
        mean,
        mean_excess,
        lowest,
        highest,
        highest_price,
        len(gains) as gains_count,
        len(losses) as losses_count,
        coalesce(list_sum(gains), 0) as sum_of_gains,
        -coalesce(list_sum(losses), 0) as sum_of_losses,
        coalesce(list_sum(squared_losses), 0) as sum_of_squared_losses,
        -list_inner_product(squared_losses, losses) as sum_of_cubed_losses,
        list_sum(list_transform(deviations, lambda d: abs(d))) / n as first_moment,
        list_sum(squares) / n as second_moment,
        list_inner_product(squares, deviations) / n as third_moment,
        list_inner_product(squares, squares) / n as fourth_moment,
        list_sum(excess_squares) / n as excess_moment
    from powers

)

select
    periods.vault_id,
    periods.period,
    periods.reason as period_reason,
    periods.start_price,
    periods.end_price,
    periods.elapsed_seconds,
    (periods.end_price / periods.start_price) ^ (31536000 / periods.elapsed_seconds)
        as growth_per_year,
    coalesce(n, 0) as returns_count,
    n / (periods.elapsed_seconds / 31536000) as periods_per_year,
    mean as mean_return,
    sqrt(second_moment * n / nullif(n - 1, 0)) as return_deviation,
    mean_excess as mean_excess_return,
    sqrt(excess_moment * n / nullif(n - 1, 0)) as excess_return_deviation,
    lowest as lowest_return,
    highest as highest_return,
    gains_count,
    losses_count,
    n - gains_count - losses_count as zeros_count,
    sum_of_gains,
    sum_of_losses,
    sum_of_squared_losses,
    sum_of_cubed_losses,
    greatest(highest_price, periods.start_price) as peak_price,
    -- a sample whose returns differ by float noise alone has no dispersion
    highest - lowest <= 1e-13 as is_without_dispersion,
    first_moment as mean_absolute_deviation,
    sqrt(second_moment) as population_deviation,
    case when not is_without_dispersion then
        third_moment / second_moment ^ 1.5
    end as population_skewness,
    case when not is_without_dispersion then
        fourth_moment / second_moment ^ 2
    end as population_kurtosis,
    case when not is_without_dispersion then
        mean_return / return_deviation
    end as sharpe_per_return,
    1 - population_skewness * sharpe_per_return
        + (population_kurtosis - 1) / 4 * sharpe_per_return ^ 2 as sharpe_bracket
from periods
left join sums using (period_id)
