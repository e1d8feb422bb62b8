-- Compound annual rate by the period's true elapsed time; since inception, the CAGR.
-- label: APY
-- group: returns, 2
-- grain: vault_id, period
-- formula: (p_end / p_start) ^ (31536000 / elapsed seconds) - 1
-- unit: fraction per year
-- source: compound rate as Yearn's Kong publishes it, but by the true time
-- null when: the period has no good anchor, or the rate is too large for a number
select
    vault_id,
    period,
    coalesce(period_reason, case
        when not isfinite(growth_per_year) then 'out_of_range'
    end) as reason,
    case when reason is null then growth_per_year - 1 end as value
from intermediate.period_statistics
