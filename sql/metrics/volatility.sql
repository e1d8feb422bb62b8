-- Annualised sample standard deviation of the returns.
-- label: Volatility
-- group: risk-adjusted, 1
-- grain: vault_id, period
-- formula: stddev(r, n - 1) * sqrt(periods per year)
-- unit: fraction per year
-- source: Bacon 2008, ch. 4; annualised by elapsed time
-- null when: fewer than two returns
select
    vault_id,
    period,
    coalesce(period_reason, case
        when returns_count < 2 then 'insufficient_data'
    end) as reason,
    case when reason is null then
        return_deviation * sqrt(periods_per_year)
    end as value
from intermediate.period_statistics
