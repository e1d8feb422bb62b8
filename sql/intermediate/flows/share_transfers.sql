-- One row per transfer of a vault's shares by the as-of date, mints and burns too.
-- A mint comes from the zero address, a burn goes to it. Shares that are burned of one
-- holder and made anew for another, as an event says, are one transfer from the one to
-- the other.
-- grain: vault_id, log_position
-- stored
with

vaults as (

    select
        vault_id,
        flow_source
    from staging.vaults
    inner join staging.families using (family)

),

run as (

    select * from staging.run

),

events as (

    select * from staging.events where event = 'Transfer'

),

mints as (

    select
        vault_id,
        transaction_hash,
        arguments->>'to' as given,
        (arguments->>'value')::bignum as shares_raw
    from events
    where (arguments->>'from') = '0x0000000000000000000000000000000000000000'

),

burns as (

    select
        vault_id,
        transaction_hash,
        arguments->>'from' as seized,
        (arguments->>'value')::bignum as shares_raw
    from events
    where (arguments->>'to') = '0x0000000000000000000000000000000000000000'

),

stated as (

    select * from intermediate.redistributions

),

-- where one of the two is missing the other stays what it is
redistributions as (

    select
        vault_id,
        transaction_hash,
        seized,
        given,
        shares_raw,
        row_number() over (
            partition by vault_id, transaction_hash, seized, given, shares_raw
            order by log_position
        ) as copy
    from stated
    semi join mints using (vault_id, transaction_hash, given, shares_raw)
    semi join burns using (vault_id, transaction_hash, seized, shares_raw)

),

transfers as (

    select
        events.vault_id,
        vaults.flow_source,
        events.log_position,
        events.block_number,
        events.transaction_hash,
        events.block_at,
        events.address,
        events.arguments->>'from' as sender,
        events.arguments->>'to' as receiver,
        (events.arguments->>'value')::bignum as shares_raw,
        sender = '0x0000000000000000000000000000000000000000' as is_mint,
        receiver = '0x0000000000000000000000000000000000000000' as is_burn,
        -- the same amount may move twice between the same two in one transaction
        row_number() over (
            partition by
                events.vault_id, events.transaction_hash, sender, receiver, shares_raw
            order by events.log_position
        ) as copy,
        case when is_mint then receiver end as mint_receiver,
        case when is_burn then sender end as burn_sender
    from events
    inner join vaults using (vault_id)
    where events.block_at < (select until_at from run) and shares_raw > 0::bignum

)

select
    transfers.vault_id,
    flow_source,
    log_position,
    block_number,
    transfers.transaction_hash,
    block_at,
    address,
    sender,
    coalesce(burned.given, receiver) as receiver,
    transfers.shares_raw,
    is_mint,
    is_burn and burned.given is null as is_burn,
    transfers.copy
from transfers
left join redistributions as burned
    on transfers.vault_id = burned.vault_id
    and transfers.transaction_hash = burned.transaction_hash
    and transfers.burn_sender = burned.seized
    and transfers.shares_raw = burned.shares_raw
    and transfers.copy = burned.copy
left join redistributions as minted
    on transfers.vault_id = minted.vault_id
    and transfers.transaction_hash = minted.transaction_hash
    and transfers.mint_receiver = minted.given
    and transfers.shares_raw = minted.shares_raw
    and transfers.copy = minted.copy
where minted.given is null
