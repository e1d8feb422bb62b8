-- One row per change of what a closed Lagoon vault's own contract holds for its shares.
-- Closing moves all assets there from the Safe, beside what settled redemptions are
-- owed, which is not the vault's; after that withdrawals that burn are paid from it.
-- Exact, in raw units of the asset.
-- grain: vault_id, log_position
with

vaults as (

    select
        vault_id,
        address
    from staging.vaults
    where family = 'lagoon'

),

closings as (

    select
        vault_id,
        min(log_position) as log_position,
        min(block_at) as block_at,
        arg_min(transaction_hash, log_position) as transaction_hash
    from staging.events
    semi join vaults using (vault_id)
    where event = 'StateUpdated' and (arguments->>'state') = '2'
        and block_at < (select until_at from staging.run)
    group by vault_id

),

moved as (

    select distinct on (vault_id, log_position)
        vault_id,
        log_position,
        transaction_hash,
        (arguments->>'value')::bignum as assets_raw
    from staging.contract_events
    inner join vaults using (vault_id)
    where role = 'asset' and event = 'Transfer'
        and (arguments->>'to') = vaults.address

),

redeemed as (

    select
        vault_id,
        transaction_hash,
        sum(0::bignum - assets_raw) as assets_raw
    from intermediate.flows
    where kind = 'settled_redemption'
    group by vault_id, transaction_hash

),

closed as (

    select
        closings.vault_id,
        closings.log_position,
        closings.block_at,
        sum(moved.assets_raw) as moved_raw
    from closings
    inner join moved
        on closings.vault_id = moved.vault_id
        and closings.transaction_hash = moved.transaction_hash
    group by all

)

select
    closed.vault_id,
    closed.log_position,
    closed.block_at,
    moved_raw - coalesce(redeemed.assets_raw, 0::bignum) as change_raw
from closed
inner join closings using (vault_id, log_position)
left join redeemed using (vault_id, transaction_hash)

union all

select
    flows.vault_id,
    flows.log_position,
    flows.block_at,
    flows.assets_raw
from intermediate.flows
semi join closed using (vault_id)
where kind = 'withdrawal'
