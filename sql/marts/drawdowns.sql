-- One row per episode in which a vault's share price was below an earlier peak.
-- grain: vault_id, episode
-- units:
--   asset per share: peak_price, trough_price
--   fraction: depth
--   days: days_to_trough, days_to_recovery, days
--   place: episode
-- columns:
--   vault_id: the vault's id in the config
--   episode: 1 for the first in time
--   depth: deepest fall from the peak; a negative fraction
--   peak_at: the last price point at the peak
--   first_below_at: the first price point below it
--   trough_at: the first price point at the deepest fall
--   recovery_at: the first price point at the peak again; null while the episode is
--     open
--   peak_price: share price at the peak
--   trough_price: share price at the deepest fall
--   days_to_trough: calendar days from peak to trough, with fractions
--   days_to_recovery: calendar days from trough to recovery; null while open
--   days: calendar days from peak to recovery, or to the last price point while open
--   is_open: whether the price has not recovered
select
    vault_id,
    row_number() over (partition by vault_number order by peak_at) as episode,
    depth,
    peak_at,
    first_below_at,
    trough_at,
    case when not is_open then ends_at end as recovery_at,
    peak_price,
    trough_price,
    (epoch(trough_at) - epoch(peak_at)) / 86400 as days_to_trough,
    (epoch(recovery_at) - epoch(trough_at)) / 86400 as days_to_recovery,
    (epoch(ends_at) - epoch(peak_at)) / 86400 as days,
    is_open
from intermediate.drawdown_episodes
inner join staging.vaults using (vault_number)
order by vault_number, episode
