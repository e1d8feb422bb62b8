-- One row per vault and calendar month (UTC) from its first mark to its last.
-- grain: vault_id, month
-- columns:
--   vault_id: the vault's id in the config
--   month: first day of the month
--   total_return: last mark of the month / last mark before it - 1
--   reason: why total_return is null
--   is_partial: whether the record covers only a part of the month
with

run as (

    select * from staging.run

),

closes as (

    select
        vault_id,
        date_trunc('month', month) as starts_on,
        arg_max(close_price, month) as close_price,
        arg_min(first_price, month) as first_price,
        min(first_at) as first_at,
        sum(marks_count) as marks_count,
        bool_or(has_inception) as is_first
    from intermediate.month_closes
    group by all

),

spans as (

    select
        vault_id,
        min(starts_on) as first_on,
        max(starts_on) as last_on
    from closes
    group by vault_id

),

calendar as (

    select
        vault_id,
        last_on,
        unnest(generate_series(first_on, last_on, interval 1 month))::date as starts_on
    from spans

),

anchored as (

    select
        *,
        case
            when is_first then first_price
            else lag(close_price) over (partition by vault_id order by starts_on)
        end as start_price
    from closes

),

judged as (

    select
        calendar.vault_id,
        calendar.starts_on,
        anchored.close_price,
        anchored.start_price,
        case
            when anchored.vault_id is null then 'no_mark_in_period'
            when is_first and marks_count = 1 then 'insufficient_data'
            when start_price = 0 then 'bad_anchor_price'
        end as reason,
        coalesce(is_first and epoch(first_at) > epoch(calendar.starts_on), false)
            or (
                calendar.starts_on = last_on
                and epoch(run.until_at)
                    < epoch(calendar.starts_on + interval 1 month)
            ) as is_partial
    from calendar
    left join anchored using (vault_id, starts_on)
    cross join run

)

select
    vault_id,
    starts_on as month,
    case when reason is null then close_price / start_price - 1 end as total_return,
    reason,
    is_partial
from judged
