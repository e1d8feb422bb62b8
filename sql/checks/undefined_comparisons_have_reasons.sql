-- A figure against a benchmark that is null without an explained reason, or has both.
with

figures as (

    select
        vault_id,
        period,
        benchmark,
        figure,
        value
    from marts.benchmark_comparison
    unpivot include nulls (
        value for figure in (columns(* exclude (
            vault_id, period, period_position, benchmark, returns_count, start_at,
            end_at
        )))
    )

)

select
    vault_id,
    period,
    benchmark,
    figure,
    value,
    reason
from figures
full join marts.benchmark_reasons using (vault_id, period, benchmark, figure)
left join marts.reasons using (reason)
where (value is null) != (reason is not null and meaning is not null)
    or not isfinite(value)
