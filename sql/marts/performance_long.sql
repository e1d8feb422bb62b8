-- One row per vault with a price, period and metric: its value, or why it has none.
-- grain: vault_id, period, metric
-- view
-- units:
--   of the metric: value
-- columns:
--   vault_id: the vault's id in the config
--   period: as in marts.performance
--   metric: as in marts.metric_definitions
--   value: the figure; null where it is undefined
--   reason: why it is undefined: code, explained in marts.reasons
--   unit: as in marts.metric_definitions
with

figures as (

    select
        vault_id,
        period,
        metric,
        value
    from marts.performance
    unpivot include nulls (
        value for metric in (columns(* exclude (
            vault_id, period, period_position, start_at, end_at, elapsed_days,
            is_partial, returns_count, headline_sharpe_method
        )))
    )

)

select
    vault_id,
    period,
    metric,
    value,
    reason,
    unit
from figures
left join marts.performance_reasons using (vault_id, period, metric)
left join marts.metric_definitions using (metric)
