-- One row per metric: its definition, read from the header of the file it lives in.
-- grain: metric
-- columns:
--   metric: column of marts.performance, and name of the file in sql/metrics
--   position: its place among the columns of marts.performance, in which it is shown
--   label: short name for a table
--   metric_group: returns, risk-adjusted, downside, drawdown, tails, shape or counts
--   definition: what it says, in one sentence
--   formula: how it is computed
--   unit: fraction, fraction per year, ratio, probability, days or count
--   source: where the definition comes from
--   null_when: when it is undefined
with

-- one row, whose columns are the metrics in their order
counts as (

    select
        count(columns(* exclude (
            vault_id, period, period_position, start_at, end_at, elapsed_days,
            is_partial, returns_count, headline_sharpe_method
        )))
    from marts.performance

),

places as (

    select
        metric,
        row_number() over () as position
    from counts
    unpivot (figures_count for metric in (columns(*)))

)

select
    metric,
    position,
    label,
    metric_group,
    definition,
    formula,
    unit,
    source,
    null_when
from intermediate.metric_headers
inner join places using (metric)
order by position
