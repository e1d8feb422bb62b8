-- One row per account that is a vault's own or its fees': what it is to the vault.
-- vault holds shares that were settled and are pending a request claim, silo those that
-- are pending redemption; own is the account of a vault in which nothing waits, whose
-- shares are its own: profit that it locks, or what was sent to it; fee_receiver is who
-- was ever sent the shares of a fee; pool is a contract that trades shares, which are
-- those of who provides for it.
-- grain: vault_id, account
-- stored
with

vaults as (

    select
        vault_id,
        address as account,
        2 as rank,
        'own' as kind
    from staging.vaults

),

escrows as (

    select
        vault_id,
        account,
        1 as rank,
        kind
    from intermediate.share_escrows

),

named_receivers as (

    select
        vault_id,
        unnest([arguments->>'oldReceiver', arguments->>'newReceiver']) as account,
        3 as rank,
        'fee_receiver' as kind
    from intermediate.vault_events
    where event = 'FeeReceiverUpdated'

),

receivers as (

    select
        vault_id,
        receiver as account,
        3 as rank,
        'fee_receiver' as kind
    from intermediate.fee_mints

),

own_mints as (

    select * from intermediate.fee_mints where is_to_itself

),

-- whom a vault sends the fees that it minted to itself
sent_receivers as (

    select
        vault_id,
        receiver as account,
        3 as rank,
        'fee_receiver' as kind
    from intermediate.share_transfers
    semi join own_mints using (vault_id, transaction_hash)
    where sender = address and not is_burn

),

pools as (

    select distinct
        vault_id,
        address as account,
        2 as rank,
        'pool' as kind
    from staging.contracts
    where role = 'pool'

),

accounts as (

    select * from vaults
    union all
    select * from pools
    union all
    select * from escrows
    union all
    select * from named_receivers
    union all
    select * from receivers
    union all
    select * from sent_receivers

)

select
    vault_id,
    account,
    arg_min(kind, rank) as kind
from accounts
where account != '0x0000000000000000000000000000000000000000'
group by vault_id, account
