-- One row per vault with a mark and period: the falls below the peaks of the period.
-- A peak before the period does not count. Where a period starts within one of the
-- record's episodes, that episode's rest is followed anew from the period's start; from
-- its end on the price has seen the record's peak, and the record's episodes hold.
-- A depth is negative; deviation and indices are made of the sums over marks.
-- grain: vault_id, period
-- stored
-- one thread
with

periods as (

    select * from intermediate.periods

),

episodes as (

    select * from intermediate.drawdown_episodes

),

statistics as (

    select * from intermediate.period_statistics

),

interrupted as (

    select
        periods.vault_id,
        periods.period,
        periods.start_at,
        episodes.ends_at
    from periods
    inner join episodes
        on periods.vault_id = episodes.vault_id
        and periods.start_at > episodes.peak_at
        and periods.start_at < episodes.ends_at
        and periods.reason is null

),

paths as (

    select
        interrupted.vault_id,
        interrupted.period,
        marks.observed_at,
        marks.previous_at,
        marks.next_at,
        marks.mark_number,
        share_price / nullif(max(share_price) over (
            partition by interrupted.vault_id, period
            order by mark_number rows unbounded preceding
        ), 0) - 1 as fall
    from intermediate.marks
    inner join interrupted
        on marks.vault_id = interrupted.vault_id
        and marks.observed_at between interrupted.start_at and interrupted.ends_at

),

rests as (

    select
        *,
        mark_number - row_number() over (
            partition by vault_id, period order by mark_number
        ) as run_of_marks
    from paths
    where fall < -1e-12

),

rest_episodes as (

    select
        vault_id,
        period,
        min(fall) as depth,
        min(previous_at) as peak_at,
        max(coalesce(next_at, observed_at)) as ends_at,
        count(*) as marks_count,
        sum(fall) as sum_of_drawdowns,
        sum(fall * fall) as sum_of_squared_drawdowns
    from rests
    group by vault_id, period, run_of_marks

),

whole_episodes as (

    select
        periods.vault_id,
        periods.period,
        episodes.depth,
        episodes.peak_at,
        episodes.ends_at,
        episodes.marks_count,
        episodes.sum_of_drawdowns,
        episodes.sum_of_squared_drawdowns
    from periods
    inner join episodes
        on periods.vault_id = episodes.vault_id
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
        vault_id,
        period,
        count(*) as episodes_count,
        avg(depth) as average_depth,
        sum(depth ^ 2) as sum_of_squared_depths,
        max(epoch(ends_at) - epoch(peak_at)) / 86400 as longest_days,
        sum(marks_count) as marks_below,
        sum(sum_of_drawdowns) as sum_of_drawdowns,
        sum(sum_of_squared_drawdowns) as sum_of_squared_drawdowns
    from all_episodes
    group by vault_id, period

)

select
    periods.vault_id,
    periods.period,
    periods.reason as period_reason,
    statistics.returns_count,
    coalesce(sums.episodes_count, 0) as episodes_count,
    sums.average_depth,
    coalesce(sums.sum_of_squared_depths, 0) as sum_of_squared_depths,
    sums.longest_days,
    coalesce(sums.marks_below, 0) as marks_below,
    coalesce(sums.sum_of_drawdowns, 0) as sum_of_drawdowns,
    coalesce(sums.sum_of_squared_drawdowns, 0) as sum_of_squared_drawdowns
from periods
inner join statistics using (vault_id, period)
left join sums using (vault_id, period)
