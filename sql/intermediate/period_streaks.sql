-- One row per vault with a mark and period: its longest runs of gains and of losses.
-- A run of gains lies between two marks that were none, or an end of the period.
-- grain: vault_id, period
-- stored
with

periods as (

    select * from intermediate.periods

),

marks as (

    select * from intermediate.mark_returns where previous_at is not null

),

breaks as (

    select
        periods.period_id,
        min(mark_number) - 1 as first_number,
        max(mark_number) + 1 as end_number,
        list(mark_number) filter (where simple_return <= 0) as not_gains,
        list(mark_number) filter (where simple_return >= 0) as not_losses
    from marks
    inner join periods
        on marks.vault_number = periods.vault_number
        and marks.observed_at > periods.start_at
        and periods.reason is null
    group by periods.period_id

),

bounded as (

    select
        period_id,
        list_sort([first_number, end_number] || coalesce(not_gains, [])) as not_gains,
        list_sort([first_number, end_number] || coalesce(not_losses, [])) as not_losses
    from breaks

),

streaks as (

    select
        period_id,
        list_max(list_transform(not_gains[2:], lambda n, i: n - not_gains[i])) - 1
            as longest_winning_streak,
        list_max(list_transform(not_losses[2:], lambda n, i: n - not_losses[i])) - 1
            as longest_losing_streak
    from bounded

)

select
    periods.vault_id,
    periods.period,
    periods.reason as period_reason,
    streaks.longest_winning_streak,
    streaks.longest_losing_streak
from periods
left join streaks using (period_id)
