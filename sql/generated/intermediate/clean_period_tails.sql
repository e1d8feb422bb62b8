-- One row per vault with a price and period: the tails of its returns, by size.
-- Quantiles lie between the two nearest returns (type 7 of Hyndman and Fan); places are
-- counted in integers, because 0.05 * (n - 1) may fall short of a whole number.
-- one thread
-- grain: vault_id, period
-- stored
-- generated from intermediate.period_tails by make golden
with

periods as (

    select * from intermediate.clean_periods as periods

),

points as (

    select * from intermediate.clean_price_returns as price_returns where previous_at is not null

),

ordered as (

    select
        periods.period_id,
        count(*) - 1 as steps,
        list_sort(list(points.simple_return)) as returns
    from points
    inner join periods
        on points.vault_number = periods.vault_number
        and points.observed_at > periods.start_at
        and periods.reason is null
    group by periods.period_id

),

placed as (

    select
        *,
        steps // 100 as at_1,
        steps // 20 as at_5,
        steps * 19 // 20 as at_95
    from ordered

),

tails as (

    select
        period_id,
        returns[at_1 + 1] + steps % 100 / 100
            * (returns[least(at_1 + 1, steps) + 1] - returns[at_1 + 1]) as quantile_1,
        returns[at_5 + 1] + steps % 20 / 20
            * (returns[least(at_5 + 1, steps) + 1] - returns[at_5 + 1]) as quantile_5,
        returns[at_95 + 1] + steps * 19 % 20 / 20
            * (returns[least(at_95 + 1, steps) + 1] - returns[at_95 + 1])
            as quantile_95,
        list_avg(returns[:at_1 + 1]) as mean_to_1,
        list_avg(returns[:at_5 + 1]) as mean_to_5
    from placed

)

select
    periods.vault_id,
    periods.period,
    periods.reason as period_reason,
    tails.quantile_1,
    tails.quantile_5,
    tails.quantile_95,
    tails.mean_to_1,
    tails.mean_to_5
from periods
left join tails using (period_id)
