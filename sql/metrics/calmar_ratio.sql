-- Compound annual rate per unit of maximum drawdown.
-- label: Calmar ratio
-- group: drawdown, 9
-- grain: vault_id, period
-- formula: apy / |max_drawdown|
-- unit: ratio
-- source: Young, Futures, October 1991; over the period itself
-- null when: the share price never fell below a peak, or the rate is too large
select
    vault_id,
    period,
    coalesce(period_reason, case
        when max_drawdown = 0 then 'no_drawdown'
        when not isfinite((growth_per_year - 1) / -max_drawdown) then 'out_of_range'
    end) as reason,
    case when reason is null then (growth_per_year - 1) / -max_drawdown end as value
from intermediate.period_drawdowns
