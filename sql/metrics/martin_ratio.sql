-- Compound annual rate per unit of the ulcer index.
-- label: Martin ratio
-- group: drawdown, 11
-- grain: vault_id, period
-- formula: apy / ulcer_index
-- unit: ratio
-- source: Martin and McCann, The Investor's Guide to Fidelity Funds, 1989
-- null when: the share price never fell below an earlier peak, or the rate is too large
with

figures as (

    select
        vault_id,
        period,
        apy.value as apy,
        sqrt(sum_of_squared_drawdowns / returns_count) as pain,
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
