-- One row per transfer of the asset to or from a vault's holders: what is at hand then.
-- What was paid in for an ERC-7540 deposit is not the vault's before its shares are
-- made, or claimed where no mint can be told to be of it. Of what a Lagoon vault's own
-- contract has only what it holds for the shares of a closed vault counts. at_hand is
-- what of it pays redemptions. A balance below zero shows that the archive begins
-- later; then nothing is known.
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
        transaction_hash,
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
        transaction_hash,
        if(
            receiver = account, assets_raw, 0::bignum - assets_raw
        ) as change_raw,
        pays_redemptions
    from transfers
    inner join accounts
        on transfers.vault_id = accounts.vault_id
        and account in (sender, receiver)
    where sender != receiver

),

deposit_requests as (

    select
        vault_id,
        transaction_hash,
        (arguments->>'assets')::bignum as change_raw
    from intermediate.vault_events
    where flow_source = 'transfers' and event = 'DepositRequest'

),

-- what came in with a request, to an account that counts
pending as (

    select
        vault_id,
        log_position,
        block_at,
        change_raw as assets_raw,
        pays_redemptions
    from changes
    semi join deposit_requests using (vault_id, transaction_hash, change_raw)

),

pending_vaults as (

    select distinct vault_id from pending

),

settlements as (

    select *
    from intermediate.escrow_settlements
    where is_deposit and controller is not null

),

accepted as (

    select
        vault_id,
        log_position,
        block_at,
        assets_raw,
        true as pays_redemptions
    from settlements
    semi join pending_vaults using (vault_id)

    union all

    select
        vault_id,
        log_position,
        block_at,
        assets_raw,
        true as pays_redemptions
    from intermediate.escrow_claims
    semi join pending_vaults using (vault_id)
    anti join settlements
        on escrow_claims.vault_id = settlements.vault_id
        and escrow_claims.log_position = settlements.claim_position
    where is_deposit

),

own_changes as (

    select
        vault_id,
        log_position,
        block_at,
        change_raw,
        pays_redemptions
    from changes

    union all

    select
        vault_id,
        log_position,
        block_at,
        0::bignum - assets_raw as change_raw,
        pays_redemptions
    from pending

    union all

    select * from accepted

    union all

    select
        vault_id,
        log_position,
        block_at,
        change_raw,
        true as pays_redemptions
    from intermediate.lagoon_closed_assets

),

summed as (

    select
        vault_id,
        log_position,
        block_at,
        sum(sum(change_raw)) over (
            partition by vault_id order by log_position
        ) as idle_raw,
        sum(sum(if(pays_redemptions, change_raw, 0::bignum))) over (
            partition by vault_id order by log_position
        ) as at_hand_raw
    from own_changes
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
    summed.idle_raw::double / 10::double ^ asset_decimals as idle,
    summed.at_hand_raw::double / 10::double ^ asset_decimals as at_hand
from summed
inner join vaults using (vault_id)
anti join broken using (vault_id)
