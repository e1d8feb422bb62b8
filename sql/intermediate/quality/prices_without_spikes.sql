-- One row per price point that is no spike, of a vault with spikes, as in daily_prices.
-- The models of figures are computed once more from these (intermediate.clean_*).
-- grain: vault_number, observed_at
with

spikes as (

    select
        vault_number,
        observed_at as spike_at,
        next_at as back_at
    from intermediate.jumps
    where kind = 'spike_reverts'

),

-- until it is back, what is read is the spike
spiked_points as (

    select
        points.*,
        spike_at,
        back_at
    from intermediate.price_sequences as points
    semi join (select vault_number from spikes) as spiked using (vault_number)
    asof left join spikes
        on points.vault_number = spikes.vault_number
        and points.observed_at >= spikes.spike_at

)

select
    vault_number,
    observed_at,
    price_date,
    source_rank,
    share_price,
    total_assets,
    block_number,
    is_inexact
from spiked_points
where spike_at is null or observed_at >= back_at
