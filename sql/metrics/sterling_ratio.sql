-- Compound annual rate per unit of maximum drawdown and ten percent.
-- label: Sterling ratio
-- group: drawdown, 10
-- grain: vault_id, period
-- formula: apy / (|max_drawdown| + 0.1)
-- unit: ratio
-- source: Deane Sterling Jones; Kestner, Futures, 1996
-- null when: the rate is too large for a number
select
    vault_id,
    period,
    coalesce(period_reason, case
        when not isfinite(growth_per_year) then 'out_of_range'
    end) as reason,
    case when reason is null then
        (growth_per_year - 1) / (0.1 - max_drawdown)
    end as value
from intermediate.period_drawdowns
