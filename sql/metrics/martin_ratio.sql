-- Compound annual rate per unit of the ulcer index.
-- label: Martin ratio
-- group: drawdown, 11
-- grain: vault_id, period
-- formula: apy / ulcer_index
-- unit: ratio
-- source: Martin and McCann, The Investor's Guide to Fidelity Funds, 1989
-- null when: the share price never fell below an earlier peak, or the rate is too large
select
    vault_id,
    period,
    coalesce(period_reason, case
        when episodes_count = 0 then 'no_drawdown'
        when not isfinite(growth_per_year) then 'out_of_range'
    end) as reason,
    case when reason is null then
        (growth_per_year - 1) / sqrt(sum_of_squared_drawdowns / returns_count)
    end as value
from intermediate.period_drawdowns
