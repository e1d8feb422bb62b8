-- Compound annual rate per unit of the pain index.
-- label: Pain ratio
-- group: drawdown, 12
-- grain: vault_id, period
-- formula: apy / pain_index
-- unit: ratio
-- source: Becker, Zephyr Associates, 2006; Bacon 2008, ch. 4
-- null when: the share price never fell below an earlier peak, or the rate is too large
with

figures as (

    select
        vault_id,
        period,
        apy.value as apy,
        -sum_of_drawdowns / returns_count as pain,
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
