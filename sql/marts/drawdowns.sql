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

marks as (

    select
        vault_id,
        observed_at,
        share_price,
        drawdown,
        peak_price,
        -- a mark at the peak starts a new stretch
        count(*) filter (where drawdown = 0) over (
            partition by vault_id order by observed_at rows unbounded preceding
        ) as stretch
    from intermediate.marks

),

stretches as (

    select
        vault_id,
        stretch,
        count(*) as marks_count,
        min(observed_at) as peak_at,
        max(observed_at) as last_at,
        min(observed_at) filter (where drawdown < 0) as first_below_at,
        min(drawdown) as depth,
        max(peak_price) as peak_price,
        min(share_price) as trough_price
    from marks
    group by vault_id, stretch

),

recoveries as (

    select
        *,
        lead(peak_at) over (partition by vault_id order by stretch) as recovery_at
    from stretches

),

episodes as (

    select * from recoveries where marks_count > 1

),

troughs as (

    select
        marks.vault_id,
        marks.stretch,
        min(observed_at) as trough_at
    from marks
    inner join episodes using (vault_id, stretch)
    where marks.drawdown = episodes.depth
    group by all

)

select
    vault_id,
    row_number() over (partition by vault_id order by stretch) as episode,
    depth,
    peak_at,
    first_below_at,
    trough_at,
    recovery_at,
    peak_price,
    trough_price,
    (epoch(trough_at) - epoch(peak_at)) / 86400 as days_to_trough,
    (epoch(recovery_at) - epoch(trough_at)) / 86400 as days_to_recovery,
    (epoch(coalesce(recovery_at, last_at)) - epoch(peak_at)) / 86400 as days,
    recovery_at is null as is_open
from episodes
inner join troughs using (vault_id, stretch)
