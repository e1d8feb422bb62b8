-- One row per moment at which all shares of a vault had been redeemed.
-- Under a thousandth of a share is none; a sum below zero shows missing logs.
-- grain: vault_id, emptied_at
-- stored
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

)

select distinct
    vault_id,
    block_at as emptied_at
from supply
inner join vaults using (vault_id)
where total_supply_raw >= 0::bignum
    and total_supply_raw::double < 10::double ^ (share_decimals - 3)
    and previous_supply_raw::double >= 10::double ^ (share_decimals - 3)
    and block_at is not null
