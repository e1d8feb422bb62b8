-- Falls of a vault's share price at least so deep, the deepest first.
-- arguments: vault, min_depth
-- example: select peak_at, depth, days from marts.drawdowns('alusd', 0.0001)
-- min_depth is a fraction, with or without its minus sign
select
    episode,
    depth,
    peak_at,
    first_below_at,
    trough_at,
    recovery_at,
    days_to_trough,
    days_to_recovery,
    days,
    is_open
from marts.drawdowns
where vault_id = vault and depth <= -abs(min_depth)
order by depth, episode
