-- One row per vault with a price and period: the price points that bound it.
-- A trailing period runs from the last price point at or before its length before the
-- last price point; a calendar period from the last price point before it began, or
-- from inception where the vault is younger (is_partial); itd is since inception.
-- grain: vault_id, period
-- stored
with

run as (

    select * from staging.run

),

points as (

    select * from intermediate.price_returns

),

definitions as (

    select
        period_position::integer as period_position,
        period,
        days::integer as days
    from seeds.period_definitions

),

records as (

    select
        vault_id,
        vault_number,
        first_at,
        last_at,
        first_price,
        last_price,
        price_points_count
    from intermediate.track_records

),

wanted as (

    select
        records.*,
        definitions.*,
        case
            when days is not null
                then make_timestamptz(epoch_us(last_at) - days * 86_400_000_000)
            when period = 'itd' then first_at
            else date_trunc(
                case period
                    when 'mtd' then 'month'
                    when 'qtd' then 'quarter'
                    else 'year'
                end,
                run.as_of
            )::timestamptz
        end as wanted_at,
        -- a calendar period starts after its anchor, the others with it
        case
            when period in ('mtd', 'qtd', 'ytd')
                then make_timestamptz(epoch_us(wanted_at) - 1)
            else wanted_at
        end as anchor_by,
        epoch_us(run.until_at) - epoch_us(last_at) > 172_800_000_000 as is_stale
    from records
    cross join definitions
    cross join run

),

anchored as (

    select
        wanted.*,
        points.observed_at as anchor_at,
        points.share_price as anchor_price
    from wanted
    asof left join points
        on wanted.vault_number = points.vault_number
        and wanted.anchor_by >= points.observed_at

),

bounded as (

    select
        anchored.* exclude (anchor_at, anchor_price),
        period in ('mtd', 'qtd', 'ytd') and anchor_at is null as is_partial,
        case when is_partial then first_at else anchor_at end as start_at,
        case when is_partial then first_price else anchor_price end as start_price
    from anchored

)

select
    vault_id,
    vault_number,
    period,
    period_position,
    -- one number for both, which is faster to group by
    row_number() over () as period_id,
    start_at,
    last_at as end_at,
    start_price,
    last_price as end_price,
    is_partial,
    price_points_count,
    epoch(end_at) - epoch(start_at) as elapsed_seconds,
    case
        when price_points_count = 1 then 'insufficient_data'
        when period != 'itd' and is_stale then 'stale'
        when start_at is null then 'no_anchor'
        when days is not null
            and epoch(wanted_at) - epoch(start_at) > greatest(86400, days * 8640)
            then 'anchor_stale'
        when days is null and last_at < wanted_at then 'no_price_in_period'
        when start_price = 0 then 'bad_anchor_price'
    end as reason
from bounded
