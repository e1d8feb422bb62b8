-- One row per vault with a price and period: how its returns are correlated in time.
-- autocovariances begin with lag 0 and divide by n; lags is how many of them the
-- long-run variance counts: 28, four weekly harvests of daily price points, or 3 where
-- price points are in the median over four days apart. Bartlett weights keep it from
-- being negative. is_in_order proves that the returns were listed in the order of time.
-- one thread
-- grain: vault_id, period
-- stored
-- generated from intermediate.period_autocovariances by make golden
with

periods as (

    select * from intermediate.clean_periods as periods

),

points as (

    select * from intermediate.clean_price_returns as price_returns where previous_at is not null

),

statistics as (

    select * from intermediate.clean_period_statistics as period_statistics

),

returns as (

    select
        periods.period_id,
        count(*) as n,
        avg(points.simple_return) as mean,
        list(points.simple_return) as returns,
        list(points.point_number) as point_numbers,
        -- the median spacing from counts and the two spacings next to four days,
        -- which is quicker than from all of them
        count(*) filter (where points.elapsed_seconds > 4 * 86400) as long_count,
        max(points.elapsed_seconds) filter (where points.elapsed_seconds <= 4 * 86400)
            + min(points.elapsed_seconds) filter (
                where points.elapsed_seconds > 4 * 86400
            ) as seconds_about
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
        returns.* exclude (returns, point_numbers),
        point_numbers = range(point_numbers[1], point_numbers[1] + n) as is_in_order,
        if(
            2 * long_count > n or (2 * long_count = n and seconds_about > 8 * 86400),
            3, 28
        ) as lags,
        list_transform(returns, lambda r: r - mean) as deviations
    from returns

),

lagged as (

    select
        *,
        list_transform(
            range(least(greatest(lags, 6), n - 1) + 1),
            lambda k: list_inner_product(deviations[1:n - k], deviations[k + 1:n]) / n
        ) as autocovariances,
        list_transform(range(1, lags + 1), lambda k: 1 - k / (lags + 1)) as weights
    from deviations

)

select
    periods.vault_id,
    periods.period,
    statistics.period_reason,
    statistics.returns_count,
    statistics.periods_per_year,
    statistics.mean_return,
    statistics.return_deviation,
    statistics.is_without_dispersion,
    statistics.sharpe_per_return,
    lagged.lags,
    lagged.autocovariances,
    lagged.is_in_order,
    lagged.deviations[1] as first_deviation,
    lagged.deviations[-1] as last_deviation,
    case when lagged.n > 2 * lagged.lags then
        (
            autocovariances[1]
            + 2 * list_inner_product(autocovariances[2:lags + 1], weights)
        ) * lagged.n / (lagged.n - 1)
    end as long_run_variance
from periods
inner join statistics using (vault_id, period)
left join lagged using (period_id)
