-- One row per vault with a price and period: the falls below the peaks of the period.
-- A peak before the period does not count. Where a period starts within one of the
-- record's episodes, that episode's rest is followed anew from the period's start; from
-- its end on the price has seen the record's peak, and the record's episodes hold.
-- A depth is negative; deviation and indices are made of the sums over price points.
-- grain: vault_id, period
-- stored
-- one thread
-- generated from intermediate.period_drawdowns by make golden
with

periods as (

    select * from intermediate.clean_periods as periods

),

episodes as (

    select * from intermediate.clean_drawdown_episodes as drawdown_episodes

),

statistics as (

    select * from intermediate.clean_period_statistics as period_statistics

),

interrupted as (

    select
        periods.vault_number,
        periods.period_id,
        periods.start_at,
        episodes.ends_at
    from periods
    inner join episodes
        on periods.vault_number = episodes.vault_number
        and periods.start_at > episodes.peak_at
        and periods.start_at < episodes.ends_at
        and periods.reason is null

),

paths as (

    select
        period_id,
        points.observed_at,
        points.previous_at,
        points.next_at,
        points.point_number,
        share_price / nullif(max(share_price) over (
            partition by period_id order by point_number rows unbounded preceding
        ), 0) - 1 as fall
    from intermediate.clean_price_returns as points
    inner join interrupted
        on points.vault_number = interrupted.vault_number
        and points.observed_at between interrupted.start_at and interrupted.ends_at

),

rests as (

    select
        *,
        point_number - row_number() over (
            partition by period_id order by point_number
        ) as run_of_points
    from paths
    where fall < -1e-12

),

rest_episodes as (

    select
        period_id,
        min(fall) as depth,
        min(previous_at) as peak_at,
        max(coalesce(next_at, observed_at)) as ends_at,
        count(*) as price_points_count,
        sum(fall) as sum_of_drawdowns,
        sum(fall * fall) as sum_of_squared_drawdowns
    from rests
    group by period_id, run_of_points

),

whole_episodes as (

    select
        periods.period_id,
        episodes.depth,
        episodes.peak_at,
        episodes.ends_at,
        episodes.price_points_count,
        episodes.sum_of_drawdowns,
        episodes.sum_of_squared_drawdowns
    from periods
    inner join episodes
        on periods.vault_number = episodes.vault_number
        and periods.start_at <= episodes.peak_at
        and periods.reason is null

),

all_episodes as (

    select * from rest_episodes
    union all
    select * from whole_episodes

),

sums as (

    select
        period_id,
        count(*) as episodes_count,
        min(depth) as deepest,
        avg(depth) as average_depth,
        sum(depth ^ 2) as sum_of_squared_depths,
        max(epoch(ends_at) - epoch(peak_at)) / 86400 as longest_days,
        sum(price_points_count) as points_below,
        sum(sum_of_drawdowns) as sum_of_drawdowns,
        sum(sum_of_squared_drawdowns) as sum_of_squared_drawdowns
    from all_episodes
    group by period_id

)

select
    periods.vault_id,
    periods.period,
    periods.reason as period_reason,
    statistics.returns_count,
    statistics.growth_per_year,
    coalesce(sums.episodes_count, 0) as episodes_count,
    coalesce(sums.deepest, 0) as max_drawdown,
    case
        when periods.end_price / nullif(statistics.peak_price, 0) - 1 < -1e-12
            then periods.end_price / statistics.peak_price - 1
        else 0
    end as current_drawdown,
    sums.average_depth,
    coalesce(sums.sum_of_squared_depths, 0) as sum_of_squared_depths,
    sums.longest_days,
    coalesce(sums.points_below, 0) as points_below,
    coalesce(sums.sum_of_drawdowns, 0) as sum_of_drawdowns,
    coalesce(sums.sum_of_squared_drawdowns, 0) as sum_of_squared_drawdowns
from periods
inner join statistics using (vault_id, period)
left join sums using (period_id)
