-- A drawdown below -100 % or above zero.
select
    vault_id,
    observed_at,
    drawdown
from intermediate.marks
where not drawdown between -1 and 0
