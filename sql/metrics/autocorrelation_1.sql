-- How far a return repeats the one before it: from -1 to 1.
-- label: Autocorrelation, lag 1
-- group: risk-adjusted, 15
-- grain: vault_id, period
-- formula: sum(d_t * d_(t-1)) / sum(d ^ 2), d = r - mean(r)
-- unit: ratio
-- source: Box and Jenkins, Time Series Analysis, 1970
-- null when: no more than one return, or all the same
select
    vault_id,
    period,
    coalesce(period_reason, case
        when returns_count <= 1 then 'insufficient_data'
        when is_without_dispersion then 'zero_dispersion'
    end) as reason,
    case when reason is null then
        autocovariances[2] / autocovariances[1]
    end as value
from intermediate.period_autocovariances
