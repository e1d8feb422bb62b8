-- One row per vault with a price and period: its longest runs of gains and of losses.
-- Price points are stored in order of vault and time and read so: the last so far that
-- was no gain, be it another vault's, is where a run of gains began.
-- grain: vault_id, period
-- stored
-- in halves
with

periods as (

    select * from intermediate.periods

),

runs as (

    select
        vault_number,
        observed_at,
        point_number,
        place - max(if(simple_return > 0, null, place)) over so_far as gains_so_far,
        place - max(if(simple_return < 0, null, place)) over so_far as losses_so_far
    from intermediate.price_returns
    window so_far as (rows between unbounded preceding and current row)

),

starts as (

    select
        periods.vault_number,
        periods.period_id,
        periods.start_at,
        runs.point_number as start_number
    from runs
    inner join periods
        on runs.vault_number = periods.vault_number
        and runs.observed_at = periods.start_at
        and periods.reason is null

),

-- of a run that began before the period only the part within counts
streaks as (

    select
        period_id,
        max(least(gains_so_far, point_number - start_number)) as winning,
        max(least(losses_so_far, point_number - start_number)) as losing
    from runs
    inner join starts
        on runs.vault_number = starts.vault_number
        and runs.observed_at > starts.start_at
    group by period_id

)

select
    periods.vault_id,
    periods.period,
    periods.reason as period_reason,
    streaks.winning as longest_winning_streak,
    streaks.losing as longest_losing_streak
from periods
left join streaks using (period_id)
