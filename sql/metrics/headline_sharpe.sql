-- Sharpe ratio at 0: by Newey and West where the returns are serially correlated.
-- label: Sharpe ratio, headline
-- group: risk-adjusted, 2
-- grain: vault_id, period
-- formula: newey_west_sharpe if ljung_box_p < 0.05, else sharpe_ratio_zero
-- unit: ratio
-- source: Newey and West, 1987; Ljung and Box, 1978
-- null when: the ratio it shows is undefined
-- column headline_sharpe_method of marts.performance says which
select
    vault_id,
    period,
    if(ljung_box_p.value < 0.05, newey_west_sharpe.reason, sharpe_ratio_zero.reason)
        as reason,
    if(ljung_box_p.value < 0.05, newey_west_sharpe.value, sharpe_ratio_zero.value)
        as value
from metrics.sharpe_ratio_zero
inner join metrics.newey_west_sharpe using (vault_id, period)
inner join metrics.ljung_box_p using (vault_id, period)
