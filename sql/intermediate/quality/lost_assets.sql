-- One row per vault whose code counts assets that are lost but still in its price.
-- Such a vault keeps its total assets, and with them its price, when bad debt takes
-- assets from it; who redeems first is paid in full, and who is last is paid nothing.
-- The count is what the contract answers (lostAssets, read daily) or announces
-- (UpdateLostAssets), whichever is later.
-- grain: vault_id
-- stored
with

told as (

    select
        vaults.vault_id,
        (block_number + 1) * 1_000_000 - 1 as position,
        block_at,
        value as lost_raw
    from staging.states
    inner join staging.vaults as vaults using (chain_id, address)
    where field = 'lostAssets' and status = 'ok'

    union all

    select
        vault_id,
        log_position,
        block_at,
        (arguments->>'newLostAssets')::bignum
    from staging.events
    where event = 'UpdateLostAssets'

)

select
    vault_id,
    arg_max(lost_raw, position) as lost_assets_raw,
    max(block_at) as told_at,
    min(block_at) filter (lost_raw > 0::bignum) as first_lost_at
from told
group by vault_id
