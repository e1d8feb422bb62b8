-- One row per vault with a mark and period: how its returns hang together in time.
-- autocovariances begin with lag 0 and divide by n; lags is how many of them the
-- long-run variance counts: 28, four weekly harvests of daily marks, or 3 where marks
-- are in the median over four days apart. Bartlett weights keep it from being negative.
-- is_in_order proves that the returns were listed in the order of time.
-- one thread
-- grain: vault_id, period
-- stored
-- generated from intermediate.period_autocovariances by make golden
with

periods as (

    select * from intermediate.clean_periods as periods

),

marks as (

    select * from intermediate.clean_mark_returns as mark_returns where previous_at is not null

),

statistics as (

    select * from intermediate.clean_period_statistics as period_statistics

),

returns as (

    select
        periods.period_id,
        count(*) as n,
        avg(marks.simple_return) as mean,
        list(marks.simple_return) as returns,
        list(marks.mark_number) as mark_numbers,
        -- the median spacing from counts and the two spacings next to four days,
        -- which is quicker than from all of them
        count(*) filter (where marks.elapsed_seconds > 4 * 86400) as long_count,
        max(marks.elapsed_seconds) filter (where marks.elapsed_seconds <= 4 * 86400)
            + min(marks.elapsed_seconds) filter (
                where marks.elapsed_seconds > 4 * 86400
            ) as seconds_about
    from marks
    inner join periods
        on marks.vault_number = periods.vault_number
        and marks.observed_at > periods.start_at
        and periods.reason is null
    group by periods.period_id

),

-- a mean named here would be taken anew for each return
deviations as (

    select
        returns.* exclude (returns, mark_numbers),
        mark_numbers = range(mark_numbers[1], mark_numbers[1] + n) as is_in_order,
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
