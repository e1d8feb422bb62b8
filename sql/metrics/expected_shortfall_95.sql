-- Mean of the worst 5 % of the returns, by count.
-- label: Expected shortfall, 95 %
-- group: tails, 2
-- grain: vault_id, period
-- formula: mean of the floor((n - 1) * 0.05) + 1 lowest r
-- unit: fraction
-- source: historical; Acerbi and Tasche, Journal of Banking and Finance, 2002
-- null when: the period has no return
select
    vault_id,
    period,
    period_reason as reason,
    case when reason is null then
        mean_to_5
    end as value
from intermediate.period_tails
