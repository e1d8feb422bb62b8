-- One row per episode in which a vault's share price was below an earlier peak.
-- ends_at is the first mark at the peak again, or the last mark while it is open; the
-- sums run over the marks below the peak.
-- grain: vault_number, peak_at
-- stored
-- one thread
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

)

select
    vault_number,
    min(drawdown) as depth,
    -- the mark before the first below is the last at the peak
    min(previous_at) as peak_at,
    min(observed_at) as first_below_at,
    arg_min(observed_at, drawdown) as trough_at,
    max(coalesce(next_at, observed_at)) as ends_at,
    bool_or(next_at is null) as is_open,
    max(peak_price) as peak_price,
    min(share_price) as trough_price,
    count(*) as marks_count,
    sum(drawdown) as sum_of_drawdowns,
    sum(drawdown * drawdown) as sum_of_squared_drawdowns
from falls
group by vault_number, run_of_marks
