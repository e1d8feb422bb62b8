-- Compound annual rate per unit of the root of the squared depths of all episodes.
-- label: Burke ratio
-- group: drawdown, 13
-- grain: vault_id, period
-- formula: apy / sqrt(sum(depth ^ 2)), from peak to trough
-- unit: ratio
-- source: Burke, Futures, March 1994; with no hurdle
-- null when: the share price never fell below an earlier peak, or the rate is too large
with

figures as (

    select
        vault_id,
        period,
        apy.value as apy,
        sqrt(sum_of_squared_depths) as pain,
        coalesce(drawdowns.period_reason, case
            when episodes_count = 0 then 'no_drawdown'
        end, apy.reason) as reason
    from metrics.apy
    inner join intermediate.period_drawdowns as drawdowns using (vault_id, period)

)

select
    vault_id,
    period,
    reason,
    case when reason is null then apy / pain end as value
from figures
