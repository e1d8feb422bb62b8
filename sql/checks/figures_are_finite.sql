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

prices as (

    select
        vault_id,
        observed_at::varchar as place,
        share_price + coalesce(total_assets, 0) + coalesce(total_supply, 0) as figure
    from marts.share_prices

),

returns as (

    select
        vault_id,
        observed_at::varchar as place,
        simple_return + drawdown as figure
    from marts.returns

),

figures as (

    select * from performance
    union all
    select * from prices
    union all
    select * from returns

)

select * from figures where not isfinite(figure)
