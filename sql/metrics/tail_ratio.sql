-- Size of the best 5 % of the returns per unit of the worst 5 %.
-- label: Tail ratio
-- group: tails, 8
-- grain: vault_id, period
-- formula: |quantile 95 % of r / quantile 5 % of r|
-- unit: ratio
-- source: empyrical, tail_ratio
-- null when: the quantile 5 % is zero, or no more than the noise of a float
select
    vault_id,
    period,
    coalesce(period_reason, case
        when abs(quantile_5) <= 1e-13 then 'zero_denominator'
    end) as reason,
    case when reason is null then
        abs(quantile_95 / quantile_5)
    end as value
from intermediate.period_tails
