-- One row per metric: its definition, read from the header of the file it lives in.
-- grain: metric
-- columns:
--   metric: column of marts.performance, and name of the file in sql/metrics
--   position: order in which reports show it
--   label: short name for a table
--   definition: what it says, in one sentence
--   formula: how it is computed
--   unit: fraction, fraction per year, ratio or count
--   source: where the definition comes from
--   null_when: when it is undefined
select
    metric,
    coalesce(
        list_position(
            [
                'total_return', 'apy', 'apr', 'volatility', 'sharpe_ratio_zero',
                'sharpe_ratio', 'sortino_ratio', 'downside_deviation', 'max_drawdown',
                'current_drawdown', 'calmar_ratio', 'win_rate', 'best_day', 'worst_day'
            ],
            metric
        ),
        1000
    ) as position,
    label,
    definition,
    formula,
    unit,
    source,
    null_when
from intermediate.metric_headers
order by position, metric
