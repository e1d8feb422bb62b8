-- One row per episode in which a vault's share price was below an earlier peak.
-- grain: vault_id, episode
-- columns:
--   vault_id: the vault's id in the config
--   episode: 1 for the first in time
--   depth: deepest fall from the peak; a negative fraction
--   peak_at: the last mark at the peak
--   first_below_at: the first mark below it
--   trough_at: the first mark at the deepest fall
--   recovery_at: the first mark at the peak again; null while the episode is open
--   peak_price: share price at the peak
--   trough_price: share price at the deepest fall
--   days_to_trough: calendar days from peak to trough, with fractions
--   days_to_recovery: calendar days from trough to recovery; null while open
--   days: calendar days from peak to recovery, or to the last mark while open
--   is_open: whether the price has not recovered
with

-- marks in a row below the peak make one episode, and share this difference
falls as (

    select
        vault_number,
        observed_at,
        previous_at,
        next_at,
        share_price,
        peak_price,
        drawdown,
        mark_number - row_number() over (
            partition by vault_number order by mark_number
        ) as run_of_marks
    from intermediate.mark_returns
    where drawdown < 0

),

episodes as (

    select
        vault_number,
        run_of_marks,
        min(drawdown) as depth,
        -- the mark before the first below is the last at the peak
        min(previous_at) as peak_at,
        min(observed_at) as first_below_at,
        max(observed_at) as last_below_at,
        max(peak_price) as peak_price,
        min(share_price) as trough_price,
        bool_or(next_at is null) as is_open,
        max(next_at) as next_at
    from falls
    group by vault_number, run_of_marks

),

troughs as (

    select
        vault_number,
        run_of_marks,
        min(observed_at) as trough_at
    from falls
    inner join episodes using (vault_number, run_of_marks)
    where drawdown = depth
    group by all

),

dated as (

    select
        *,
        case when not is_open then next_at end as recovery_at
    from episodes
    inner join troughs using (vault_number, run_of_marks)

)

select
    vault_id,
    row_number() over (partition by vault_id order by peak_at) as episode,
    depth,
    peak_at,
    first_below_at,
    trough_at,
    recovery_at,
    peak_price,
    trough_price,
    (epoch(trough_at) - epoch(peak_at)) / 86400 as days_to_trough,
    (epoch(recovery_at) - epoch(trough_at)) / 86400 as days_to_recovery,
    (epoch(coalesce(recovery_at, last_below_at)) - epoch(peak_at)) / 86400 as days,
    is_open
from dated
inner join staging.vaults using (vault_number)
order by vault_number, episode
