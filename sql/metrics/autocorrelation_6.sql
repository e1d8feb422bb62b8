-- How far a return repeats the one 6 before it: from -1 to 1.
-- label: Autocorrelation, lag 6
-- group: risk-adjusted, 17
-- grain: vault_id, period
-- formula: sum(d_t * d_(t-6)) / sum(d ^ 2), d = r - mean(r)
-- unit: ratio
-- source: Box and Jenkins, Time Series Analysis, 1970
-- null when: no more than 6 returns, or all the same
select
    vault_id,
    period,
    coalesce(period_reason, case
        when returns_count <= 6 then 'insufficient_data'
        when is_without_dispersion then 'zero_dispersion'
    end) as reason,
    case when reason is null then
        autocovariances[7] / autocovariances[1]
    end as value
from intermediate.period_autocovariances
