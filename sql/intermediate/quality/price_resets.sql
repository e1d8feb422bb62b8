-- One row per time all shares of a vault were redeemed and it was opened again.
-- Its price begins anew: the step from the last price point to the first after is in
-- the figures, though no holder gained or lost by it.
-- grain: vault_id, emptied_at
with

vaults as (

    select * from staging.vaults

),

supply as (

    select
        *,
        lag(total_supply_raw) over (
            partition by vault_id order by log_position
        ) as previous_supply_raw
    from intermediate.supply_changes

),

-- under a thousandth of a share is none; a sum below zero shows missing logs
emptyings as (

    select distinct
        vault_id,
        block_at as emptied_at
    from supply
    inner join vaults using (vault_id)
    where total_supply_raw >= 0::bignum
        and total_supply_raw::double < 10::double ^ (share_decimals - 3)
        and previous_supply_raw::double >= 10::double ^ (share_decimals - 3)
        and block_at is not null

)

select
    price_points.vault_id,
    emptied_at,
    arg_max(share_price, observed_at) filter (where observed_at <= emptied_at)
        as price_before,
    min(observed_at) filter (where observed_at > emptied_at) as reset_at,
    arg_min(share_price, observed_at) filter (where observed_at > emptied_at)
        as price_after
from intermediate.price_points
inner join emptyings using (vault_id)
group by all
having price_before is not null and price_after is not null
