-- One row per mark that is no spike, of a vault with spikes: the return without them.
-- grain: vault_id, observed_at
-- stored
with

spikes as (

    select
        vault_id,
        observed_at
    from intermediate.jumps
    where kind = 'spike_reverts'

),

marks as (

    select
        vault_id,
        observed_at,
        share_price,
        lag(share_price) over by_time as previous_price
    from intermediate.marks
    semi join (select vault_id from spikes) as spiked using (vault_id)
    anti join spikes using (vault_id, observed_at)
    window by_time as (partition by vault_id order by observed_at)

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
