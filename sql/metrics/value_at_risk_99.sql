-- Return that 99 % of the returns beat; above zero where even it was a gain.
-- label: Value at risk, 99 %
-- group: tails, 3
-- grain: vault_id, period
-- formula: quantile 1 % of r, between the two nearest returns
-- unit: fraction
-- source: historical; Hyndman and Fan, American Statistician, 1996, type 7
-- null when: the period has no return
select
    vault_id,
    period,
    period_reason as reason,
    case when reason is null then
        quantile_1
    end as value
from intermediate.period_tails
