-- Lean of the returns: negative where the large ones are losses.
-- label: Skewness
-- group: shape, 1
-- grain: vault_id, period
-- formula: sqrt(n * (n - 1)) / (n - 2) * m3 / m2 ^ 1.5
-- unit: ratio
-- source: Joanes and Gill, The Statistician, 1998, G1
-- null when: fewer than three returns, or all the same
select
    vault_id,
    period,
    coalesce(period_reason, case
        when returns_count < 3 then 'insufficient_data'
        when is_without_dispersion then 'zero_dispersion'
    end) as reason,
    case when reason is null then
        sqrt(returns_count * (returns_count - 1)) / (returns_count - 2)
            * population_skewness
    end as value
from intermediate.period_statistics
