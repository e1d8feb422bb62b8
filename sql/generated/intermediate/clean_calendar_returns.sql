-- One row per vault and calendar month, quarter or year (UTC), first price to last.
-- The return leads from the last price point before it, or from inception, to its last
-- price point. is_partial: the record begins after the month or year does, ends over 48
-- hours before it, or the run is before its end. spans_gap: the price point before it
-- is of an earlier month or year than the last, so that the return is a longer one.
-- grain: vault_id, unit, starts_on
-- generated from intermediate.calendar_returns by make golden
with

closes as (

    select
        vault_id,
        unit,
        date_trunc(unit, month) as starts_on,
        arg_max(close_price, month) as close_price,
        arg_min(first_price, month) as first_price,
        min(first_at) as first_at,
        max(last_at) as last_at,
        sum(price_points_count) as price_points_count,
        bool_or(has_inception) as is_first
    from intermediate.clean_month_closes as month_closes
    cross join (select unnest(['month', 'quarter', 'year']) as unit)
    group by all

),

spans as (

    select
        vault_id,
        unit,
        case unit
            when 'month' then interval 1 month
            when 'quarter' then interval 3 months
            else interval 1 year
        end as length,
        min(starts_on) as first_on,
        max(starts_on) as last_on
    from closes
    group by vault_id, unit

),

calendar as (

    select
        vault_id,
        unit,
        length,
        last_on,
        unnest(generate_series(first_on, last_on, length))::date as starts_on
    from spans

),

anchored as (

    select
        *,
        case
            when is_first then first_price
            else lag(close_price) over (
                partition by vault_id, unit order by starts_on
            )
        end as start_price,
        lag(starts_on) over (partition by vault_id, unit order by starts_on)
            as previous_on
    from closes

),

judged as (

    select
        calendar.*,
        close_price,
        start_price,
        case
            when anchored.vault_id is null then 'no_price_in_period'
            when is_first and price_points_count = 1 then 'insufficient_data'
            when start_price = 0 then 'bad_anchor_price'
        end as reason,
        coalesce(is_first and epoch(first_at) > epoch(calendar.starts_on), false)
            or (
                calendar.starts_on = last_on
                and least(
                    epoch((select until_at from staging.run)),
                    epoch(last_at) + 172_800
                ) < epoch(calendar.starts_on + length)
            ) as is_partial,
        coalesce(previous_on + calendar.length < calendar.starts_on, false)
            as spans_gap
    from calendar
    left join anchored using (vault_id, unit, starts_on)

)

select
    vault_id,
    unit,
    starts_on,
    case when reason is null then close_price / start_price - 1 end as total_return,
    reason,
    is_partial,
    spans_gap
from judged
