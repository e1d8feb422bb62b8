-- One row per claim of the fees of a Veda vault: what its accountant paid out of it.
-- Fees are owed in the base asset from each new rate on, and paid when claimed.
-- assets_raw is null where nobody says that the token paid is the vault's asset.
-- grain: vault_id, log_position
with

vaults as (

    select * from staging.vaults where family = 'veda'

),

events as (

    select * from staging.contract_events

),

assets as (

    select
        vault_id,
        address as asset
    from staging.contracts
    where role = 'asset'

    union

    select
        vaults.vault_id,
        states.text
    from staging.states as states
    inner join vaults using (chain_id, address)
    where states.field = 'accountant.base' and states.status = 'ok'

)

select
    events.vault_id,
    events.log_position,
    events.block_number,
    events.transaction_hash,
    events.block_at,
    case when asset is not null then (arguments->>'amount')::bignum end as assets_raw
from events
inner join vaults using (vault_id)
left join assets
    on events.vault_id = assets.vault_id and (events.arguments->>'feeAsset') = asset
where events.role = 'accountant' and events.event = 'FeesClaimed'
