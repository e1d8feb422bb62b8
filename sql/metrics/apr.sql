-- Simple annual rate of the period by its true elapsed time, without compounding.
-- label: APR
-- group: returns, 3
-- grain: vault_id, period
-- formula: (p_end / p_start - 1) * 31536000 / elapsed seconds
-- unit: fraction per year
-- source: linear form that Lagoon and Yearn publish
-- null when: the period has no good anchor
select
    vault_id,
    period,
    period_reason as reason,
    case when reason is null then
        (end_price / start_price - 1) * 31536000 / elapsed_seconds
    end as value
from intermediate.period_statistics
