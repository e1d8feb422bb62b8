-- One row per vault with a price and period: its best and worst whole calendar month.
-- A month counts where the period began before it, and the record covers all of it and
-- no month without a price point before it.
-- grain: vault_id, period
-- generated from intermediate.period_months by make golden
with

periods as (

    select * from intermediate.clean_periods as periods

),

months as (

    select * from intermediate.clean_calendar_returns as calendar_returns
    where unit = 'month' and not is_partial and not spans_gap and reason is null

),

extremes as (

    select
        periods.vault_id,
        periods.period,
        max(months.total_return) as best_month,
        min(months.total_return) as worst_month
    from months
    inner join periods
        on months.vault_id = periods.vault_id
        and months.starts_on::timestamptz > periods.start_at
        and periods.reason is null
    group by all

)

select
    periods.vault_id,
    periods.period,
    coalesce(periods.reason, case
        when extremes.vault_id is null then 'insufficient_data'
    end) as reason,
    extremes.best_month,
    extremes.worst_month
from periods
left join extremes using (vault_id, period)
