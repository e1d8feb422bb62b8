-- One row per price that was far off while its day's price point is sound.
-- It is a spike as in jumps, but within a UTC day and among the prices of one source:
-- it moved by more than the threshold from the price before (the day's first: from the
-- price point before), and when the price leaves that level by a quarter of the move,
-- it is back to a quarter. No figure is made of it, since the day's last price counts.
-- grain: vault_number, observed_at
-- stored
with

days as (

    select * from intermediate.multi_price_days where is_uneven

),

-- on the day of inception, what came before it is no price of the record
prices as (

    select
        days.vault_number,
        days.price_date,
        observations.source_rank,
        observations.observed_at,
        observations.share_price,
        observations.total_assets,
        points.observed_at as closed_at,
        coalesce(lag(observations.observed_at) over by_time, points.previous_at)
            as previous_at,
        coalesce(lag(observations.share_price) over by_time, points.previous_price)
            as previous_price,
        lag(observations.total_assets) over by_time as previous_assets
    from intermediate.price_observations as observations
    inner join days using (vault_number, price_date)
    inner join intermediate.price_sequences as points
        on days.vault_number = points.vault_number
        and days.price_date = points.price_date
        and points.previous_at < observations.observed_at
    window by_time as (
        partition by
            observations.vault_number, observations.price_date, observations.source_rank
        order by observations.observed_at
    )

),

moved as (

    select
        prices.*,
        share_price / previous_price - 1 as simple_return,
        typical_return,
        greatest(0.005, usual_move) as rise,
        if(share_price < previous_price, rise / (1 + rise), rise) as threshold
    from prices
    inner join intermediate.usual_moves using (vault_number)
    where previous_price > 0 and abs(simple_return) > threshold

),

departures as (

    select
        moved.vault_number,
        moved.observed_at,
        moved.source_rank,
        min(prices.observed_at) as next_at,
        arg_min(prices.share_price, prices.observed_at) as next_price
    from moved
    inner join prices
        on moved.vault_number = prices.vault_number
        and moved.price_date = prices.price_date
        and moved.source_rank = prices.source_rank
        and moved.observed_at < prices.observed_at
    where abs(prices.share_price - moved.share_price)
        > 0.25 * abs(moved.share_price - moved.previous_price)
    group by all

)

select
    vault_number,
    observed_at,
    previous_at,
    next_at,
    source_rank,
    share_price,
    previous_price,
    next_price,
    total_assets,
    previous_assets,
    simple_return,
    typical_return,
    threshold
from moved
inner join departures using (vault_number, observed_at, source_rank)
where observed_at != closed_at
    and abs(next_price - previous_price) <= 0.25 * abs(share_price - previous_price)
qualify row_number() over (
    partition by vault_number, observed_at order by source_rank
) = 1
