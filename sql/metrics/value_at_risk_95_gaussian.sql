-- Return that 95 % of the returns would beat if they were normal.
-- label: Value at risk, 95 %, Gaussian
-- group: tails, 5
-- grain: vault_id, period
-- formula: mean(r) - 1.644854 * stddev(r, n)
-- unit: fraction
-- source: RiskMetrics Technical Document, 1996
-- null when: fewer than two returns
select
    vault_id,
    period,
    coalesce(period_reason, case
        when returns_count < 2 then 'insufficient_data'
    end) as reason,
    case when reason is null then
        mean_return - 1.6448536269514722e0 * population_deviation
    end as value
from intermediate.period_statistics
