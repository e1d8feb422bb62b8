-- One row per episode in which a vault's share price was below an earlier peak.
-- ends_at is the first price point at the peak again, or the last price point while it
-- is open; the sums run over the price points below the peak.
-- grain: vault_number, peak_at
-- stored
-- in halves
with

-- price points are stored in order of vault and time, and read so: those in a row below
-- the peak make one episode, and share the last place so far at a peak
falls as (

    select
        vault_number,
        observed_at,
        previous_at,
        next_at,
        share_price,
        peak_price,
        drawdown,
        max(if(drawdown < 0, null, place)) over (
            rows between unbounded preceding and current row
        ) as peak_place
    from intermediate.price_returns

)

select
    vault_number,
    min(drawdown) as depth,
    -- the price point before the first below is the last at the peak
    min(previous_at) as peak_at,
    min(observed_at) as first_below_at,
    arg_min(observed_at, drawdown) as trough_at,
    max(coalesce(next_at, observed_at)) as ends_at,
    bool_or(next_at is null) as is_open,
    max(peak_price) as peak_price,
    min(share_price) as trough_price,
    count(*) as price_points_count,
    sum(drawdown) as sum_of_drawdowns,
    sum(drawdown * drawdown) as sum_of_squared_drawdowns
from falls
where drawdown < 0
group by vault_number, peak_place
