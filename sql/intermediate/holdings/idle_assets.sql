-- One row per transfer of the asset to or from a vault's holders: what is at hand then.
-- A balance below zero shows that the archive begins later; then nothing is known.
-- grain: vault_id, log_position
-- stored
with

vaults as (

    select
        vault_id,
        asset_decimals
    from staging.vaults

),

accounts as (

    select * from intermediate.asset_accounts where holds_assets

),

transfers as (

    select distinct on (vault_id, log_position)
        vault_id,
        log_position,
        block_at,
        arguments->>'from' as sender,
        arguments->>'to' as receiver,
        (arguments->>'value')::bignum as assets_raw
    from staging.contract_events
    where role = 'asset' and event = 'Transfer'

),

changes as (

    select
        transfers.vault_id,
        log_position,
        block_at,
        if(
            receiver = account, assets_raw, 0::bignum - assets_raw
        ) as change_raw
    from transfers
    inner join accounts
        on transfers.vault_id = accounts.vault_id
        and account in (sender, receiver)
    where sender != receiver

),

summed as (

    select
        vault_id,
        log_position,
        block_at,
        sum(sum(change_raw)) over (
            partition by vault_id order by log_position
        ) as idle_raw
    from changes
    group by vault_id, log_position, block_at

),

broken as (

    select distinct vault_id
    from summed
    where idle_raw < 0::bignum

)

select
    summed.vault_id,
    summed.log_position,
    summed.block_at,
    summed.idle_raw,
    summed.idle_raw::double / 10::double ^ asset_decimals as idle
from summed
inner join vaults using (vault_id)
anti join broken using (vault_id)
