-- Compound annual rate per unit of maximum drawdown.
-- label: Calmar ratio
-- group: drawdown, 9
-- grain: vault_id, period
-- formula: apy / |max_drawdown|
-- unit: ratio
-- source: Young, Futures, October 1991; over the period itself
-- null when: the share price never fell below a peak, or the rate is too large
with

figures as (

    select
        vault_id,
        period,
        apy.value as apy,
        max_drawdown.value as max_drawdown,
        coalesce(max_drawdown.reason, case
            when max_drawdown.value = 0 then 'no_drawdown'
        end, apy.reason, case
            when not isfinite(apy.value / -max_drawdown.value) then 'out_of_range'
        end) as reason
    from metrics.apy
    inner join metrics.max_drawdown using (vault_id, period)

)

select
    vault_id,
    period,
    reason,
    case when reason is null then apy / -max_drawdown end as value
from figures
