-- Compound annual rate per unit of the pain index.
-- label: Pain ratio
-- group: drawdown, 12
-- grain: vault_id, period
-- formula: apy / pain_index
-- unit: ratio
-- source: Becker, Zephyr Associates, 2006; Bacon 2008, ch. 4
-- null when: the share price never fell below an earlier peak, or the rate is too large
select
    vault_id,
    period,
    coalesce(period_reason, case
        when episodes_count = 0 then 'no_drawdown'
        when not isfinite(growth_per_year) then 'out_of_range'
    end) as reason,
    case when reason is null then
        (growth_per_year - 1) / (-sum_of_drawdowns / returns_count)
    end as value
from intermediate.period_drawdowns
