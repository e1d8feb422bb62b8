-- One row per account in which shares of others wait: a vault's own, or its silo's.
-- vault holds shares that were settled and are pending a request claim, as does who
-- gives claimed shares in its place; silo, or a queue, those that are pending
-- redemption. Only of vaults whose holders ask for what they are given later; of all
-- others the shares on the vault's own account are its own.
-- grain: vault_id, account
-- stored
with

vaults as (

    select
        vault_id,
        address as account,
        1 as rank,
        'vault' as kind
    from staging.vaults
    inner join staging.families using (family)
    where flow_source in ('settlements', 'transfers')

),

requests as (

    select
        vault_id,
        transaction_hash,
        arguments->>'owner' as sender,
        (arguments->>'shares')::bignum as shares_raw
    from intermediate.vault_events
    where event = 'RedeemRequest'

),

silos as (

    select
        vault_id,
        receiver as account,
        2 as rank,
        'silo' as kind
    from intermediate.share_transfers
    semi join requests using (vault_id, transaction_hash, sender, shares_raw)
    where not is_burn

),

claims as (

    select
        vault_id,
        transaction_hash,
        arguments->>'owner' as receiver,
        (arguments->>'shares')::bignum as shares_raw
    from intermediate.vault_events
    where event = 'Deposit' and flow_source = 'transfers'

),

givers as (

    select
        vault_id,
        sender as account,
        3 as rank,
        'vault' as kind
    from intermediate.share_transfers
    semi join claims using (vault_id, transaction_hash, receiver, shares_raw)
    where not is_mint

),

accounts as (

    select * from vaults
    union all
    select * from silos
    union all
    select * from givers
    union all
    select
        vault_id,
        account,
        2,
        'silo'
    from intermediate.veda_queues

)

select
    vault_id,
    account,
    arg_min(kind, rank) as kind
from accounts
where account != '0x0000000000000000000000000000000000000000'
group by vault_id, account
