-- Compound annual rate per unit of the root of the squared depths of all episodes.
-- label: Burke ratio
-- group: drawdown, 13
-- grain: vault_id, period
-- formula: apy / sqrt(sum(depth ^ 2)), from peak to trough
-- unit: ratio
-- source: Burke, Futures, March 1994; with no hurdle
-- null when: the share price never fell below an earlier peak, or the rate is too large
select
    vault_id,
    period,
    coalesce(period_reason, case
        when episodes_count = 0 then 'no_drawdown'
        when not isfinite(growth_per_year) then 'out_of_range'
    end) as reason,
    case when reason is null then
        (growth_per_year - 1) / sqrt(sum_of_squared_depths)
    end as value
from intermediate.period_drawdowns
