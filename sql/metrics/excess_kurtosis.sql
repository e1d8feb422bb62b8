-- Weight of the rare large returns, 0 where they are as frequent as in a normal.
-- label: Excess kurtosis
-- group: shape, 2
-- grain: vault_id, period
-- formula: (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (m4 / m2 ^ 2 - 3) + 6)
-- unit: ratio
-- source: Joanes and Gill, The Statistician, 1998, G2
-- null when: fewer than four returns, or all the same
select
    vault_id,
    period,
    coalesce(period_reason, case
        when returns_count < 4 then 'insufficient_data'
        when is_without_dispersion then 'zero_dispersion'
    end) as reason,
    case when reason is null then
        (returns_count - 1) / ((returns_count - 2) * (returns_count - 3))
            * ((returns_count + 1) * (population_kurtosis - 3) + 6)
    end as value
from intermediate.period_statistics
