-- One row per vault with a mark and period: the sums every metric is made of.
-- Taken in one pass over the returns; empty where the period has a reason.
-- periods_per_year is by elapsed time: returns / (elapsed seconds / 31536000).
-- grain: vault_id, period
-- stored
-- one thread
with

periods as (

    select * from intermediate.periods

),

open_periods as (

    select
        vault_number,
        period_id,
        start_at
    from periods
    where reason is null

),

marks as (

    select * from intermediate.mark_returns where previous_at is not null

),

sums as (

    select
        open_periods.period_id,
        count(*) as returns_count,
        avg(simple_return) as mean_return,
        stddev_samp(simple_return) as return_deviation,
        min(simple_return) as lowest_return,
        max(simple_return) as highest_return,
        count(*) filter (where simple_return > 0) as gains_count,
        count(*) filter (where simple_return < 0) as losses_count,
        sum(simple_return * simple_return) filter (where simple_return < 0)
            as sum_squared_losses,
        avg(excess_return) as mean_excess_return,
        stddev_samp(excess_return) as excess_return_deviation,
        min(fall_ahead) as deepest_fall,
        max(share_price) as highest_price
    from marks
    inner join open_periods
        on marks.vault_number = open_periods.vault_number
        and marks.observed_at > open_periods.start_at
    group by open_periods.period_id

)

select
    periods.vault_id,
    periods.period,
    periods.reason as period_reason,
    periods.start_price,
    periods.end_price,
    periods.elapsed_seconds,
    coalesce(sums.returns_count, 0) as returns_count,
    sums.returns_count / (periods.elapsed_seconds / 31536000) as periods_per_year,
    sums.mean_return,
    sums.return_deviation,
    sums.lowest_return,
    sums.highest_return,
    sums.gains_count,
    sums.losses_count,
    coalesce(sums.sum_squared_losses, 0) as sum_squared_losses,
    sums.mean_excess_return,
    sums.excess_return_deviation,
    greatest(sums.highest_price, periods.start_price) as peak_price,
    -- a sample whose returns differ by float noise alone has no dispersion
    sums.highest_return - sums.lowest_return <= 1e-13 as is_without_dispersion,
    case when sums.deepest_fall < -1e-12 then sums.deepest_fall else 0 end
        as deepest_fall,
    case
        when periods.end_price / nullif(peak_price, 0) - 1 < -1e-12
            then periods.end_price / peak_price - 1
        else 0
    end as last_fall
from periods
left join sums using (period_id)
