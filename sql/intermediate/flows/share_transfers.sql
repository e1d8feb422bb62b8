-- One row per transfer of a vault's shares by the as-of date, mints and burns too.
-- A mint comes from the zero address, a burn goes to it.
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

)

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
    ) as copy
from events
inner join vaults using (vault_id)
where events.block_at < (select until_at from run) and shares_raw > 0::bignum
