-- One row per claim of the fees of a Veda vault: what its accountant paid out of it.
-- Fees are owed in the base asset from each new rate on, and paid when claimed.
-- assets_raw is null where nobody says that the token paid is the vault's asset.
-- receiver: whom the token's transfer went to; null where that is not in the logs
-- grain: vault_id, log_position
with

vaults as (

    select * from staging.vaults where family = 'veda'

),

events as (

    select * from staging.contract_events

),

transfers as (

    select
        vault_id,
        transaction_hash,
        arguments->>'to' as receiver,
        arguments->>'value' as amount_text,
        min(events.address) as token
    from events
    inner join vaults using (vault_id)
    where role = 'asset' and event = 'Transfer'
        and (arguments->>'from') = vaults.address
    group by all

),

assets as (

    select * from intermediate.vault_assets

)

select
    events.vault_id,
    events.log_position,
    events.block_number,
    events.transaction_hash,
    events.block_at,
    transfers.receiver,
    case when asset is not null then (arguments->>'amount')::bignum end as assets_raw
from events
inner join vaults using (vault_id)
left join assets
    on events.vault_id = assets.vault_id and (events.arguments->>'feeAsset') = asset
left join transfers
    on events.vault_id = transfers.vault_id
    and events.transaction_hash = transfers.transaction_hash
    and (events.arguments->>'amount') = transfers.amount_text
    and (events.arguments->>'feeAsset') = transfers.token
where events.role = 'accountant' and events.event = 'FeesClaimed'
