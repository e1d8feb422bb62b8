-- A figure of marts.performance that is not a number, or infinite.
with

figures as (

    select
        vault_id,
        period,
        metric,
        figure
    from marts.performance
    unpivot (
        figure for metric in (columns(* exclude (
            vault_id, period, period_position, start_at, end_at, is_partial,
            returns_count, headline_sharpe_method
        )))
    )

)

select
    vault_id,
    period,
    metric,
    figure
from figures
where not isfinite(figure)
