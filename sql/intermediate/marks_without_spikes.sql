-- One row per mark that is no spike, of a vault with spikes: the return without them.
-- grain: vault_id, observed_at
-- stored
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
spiked_marks as (

    select
        marks.vault_number,
        observed_at,
        share_price,
        spike_at,
        back_at
    from intermediate.mark_sequences as marks
    semi join (select vault_number from spikes) as spiked using (vault_number)
    asof left join spikes
        on marks.vault_number = spikes.vault_number
        and marks.observed_at >= spikes.spike_at

),

marks as (

    select
        vault_number,
        observed_at,
        share_price,
        lag(share_price) over by_time as previous_price
    from spiked_marks
    where spike_at is null or observed_at >= back_at
    window by_time as (partition by vault_number order by observed_at)

)

select
    vault_id,
    observed_at,
    share_price,
    case
        when previous_price > 0 then share_price / previous_price - 1
        when previous_price = 0 then 0
    end as simple_return
from marks
inner join staging.vaults using (vault_number)
