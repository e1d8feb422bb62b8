-- Compound annual rate per unit of maximum drawdown and ten percent.
-- label: Sterling ratio
-- group: drawdown, 10
-- grain: vault_id, period
-- formula: apy / (|max_drawdown| + 0.1)
-- unit: ratio
-- source: Deane Sterling Jones; Kestner, Futures, 1996
-- null when: the rate is too large for a number
with

figures as (

    select
        vault_id,
        period,
        apy.value as apy,
        max_drawdown.value as max_drawdown,
        coalesce(max_drawdown.reason, apy.reason) as reason
    from metrics.apy
    inner join metrics.max_drawdown using (vault_id, period)

)

select
    vault_id,
    period,
    reason,
    case when reason is null then apy / (0.1 - max_drawdown) end as value
from figures
