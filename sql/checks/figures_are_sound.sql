-- A figure that is no finite number, or is null without one reason that is explained.
with

figures as (

    select
        vault_id,
        period,
        metric,
        figure
    from marts.performance
    unpivot include nulls (
        figure for metric in (columns(* exclude (
            vault_id, period, period_position, start_at, end_at, elapsed_days,
            is_partial, returns_count, headline_sharpe_method
        )))
    )

)

select
    vault_id,
    period,
    metric,
    figure,
    reason
from figures
full join marts.performance_reasons using (vault_id, period, metric)
left join marts.reasons using (reason)
where (figure is null) != (reason is not null and meaning is not null)
    or not isfinite(figure)
