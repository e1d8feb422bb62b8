-- A figure of the marts that is not a number, or infinite.
with

performance as (

    select
        vault_id,
        period || ' ' || metric as place,
        figure
    from marts.performance
    unpivot (
        figure for metric in (columns(* exclude (
            vault_id, period, period_position, start_at, end_at, is_partial,
            returns_count
        )))
    )

),

marks as (

    select
        vault_id,
        observed_at::varchar as place,
        share_price + coalesce(total_assets, 0) + coalesce(simple_return, 0) + drawdown
            as figure
    from intermediate.marks

),

figures as (

    select * from performance
    union all
    select * from marks

)

select
    vault_id,
    place,
    figure
from figures
where not isfinite(figure)
