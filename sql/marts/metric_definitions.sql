-- One row per metric: its definition, read from the header of the file it lives in.
-- grain: metric
-- units:
--   place: position
-- columns:
--   metric: column of marts.performance, and name of the file in sql/metrics
--   position: order in which reports show it, and its place in marts.performance
--   label: short name for a table
--   metric_group: returns, risk-adjusted, downside, drawdown, tails, shape or counts
--   definition: what it says, in one sentence
--   formula: how it is computed
--   unit: fraction, fraction per year, ratio, probability, days or count
--   source: where the definition comes from
--   null_when: when it is undefined
select
    metric,
    position::integer as position,
    label,
    metric_group,
    definition,
    formula,
    unit,
    source,
    null_when
from seeds.metric_headers
order by metric_headers.position::integer
