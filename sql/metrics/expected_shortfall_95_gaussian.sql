-- Mean of the worst 5 % of the returns if they were normal.
-- label: Expected shortfall, 95 %, Gaussian
-- group: tails, 6
-- grain: vault_id, period
-- formula: mean(r) - 2.062713 * stddev(r, n)
-- unit: fraction
-- source: Rockafellar and Uryasev, Journal of Risk, 2000
-- null when: fewer than two returns
-- the factor is the normal density at 1.644854 over 0.05
select
    vault_id,
    period,
    coalesce(period_reason, case
        when returns_count < 2 then 'insufficient_data'
    end) as reason,
    case when reason is null then
        mean_return - 2.0627128075074257e0 * population_deviation
    end as value
from intermediate.period_statistics
