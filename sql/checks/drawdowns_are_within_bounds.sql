-- A drawdown below -100 % or above zero.
select
    vault_id,
    observed_at,
    drawdown
from marts.returns
where not drawdown between -1 and 0
