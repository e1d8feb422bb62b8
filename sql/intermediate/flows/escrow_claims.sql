-- One row per claim of what an ERC-7540 vault settled: who claimed which amounts.
-- A Deposit whose shares came from an account in which they waited, and a Withdraw of
-- shares that its owner had given up: the shares are not burned of the owner's then.
-- receiver is who got the shares of a deposit; its claimant is named first, or, by some
-- vaults, second.
-- grain: vault_id, log_position
-- stored
with

events as (

    select
        vault_id,
        log_position,
        block_at,
        transaction_hash,
        event = 'Deposit' as is_deposit,
        arguments->>'sender' as sender,
        arguments->>'owner' as owner,
        (arguments->>'assets')::bignum as assets_raw,
        (arguments->>'shares')::bignum as shares_raw,
        row_number() over (
            partition by vault_id, transaction_hash, event, shares_raw
            order by log_position
        ) as copy
    from intermediate.vault_events
    where flow_source = 'transfers' and event in ('Deposit', 'Withdraw')

),

escrows as (

    select
        vault_id,
        account as sender,
        true as is_escrow
    from intermediate.share_escrows

),

given as (

    select
        vault_id,
        transaction_hash,
        receiver,
        shares_raw,
        log_position as given_position,
        row_number() over (
            partition by vault_id, transaction_hash, shares_raw order by log_position
        ) as copy
    from intermediate.share_transfers
    inner join escrows using (vault_id, sender)
    where not is_burn and flow_source = 'transfers'

),

burned as (

    select
        vault_id,
        transaction_hash,
        sender as owner,
        shares_raw,
        true as is_burned
    from intermediate.share_transfers
    where is_burn and flow_source = 'transfers'
    group by all

)

select
    events.vault_id,
    events.log_position,
    events.block_at,
    events.transaction_hash,
    events.is_deposit,
    case
        when given.receiver = events.owner then events.sender
        else events.owner
    end as controller,
    given.receiver,
    given_position,
    events.assets_raw,
    events.shares_raw
from events
left join given
    on events.is_deposit
    and events.vault_id = given.vault_id
    and events.transaction_hash = given.transaction_hash
    and events.shares_raw = given.shares_raw
    and events.copy = given.copy
    and given.receiver in (events.sender, events.owner)
left join burned
    on not events.is_deposit
    and events.vault_id = burned.vault_id
    and events.transaction_hash = burned.transaction_hash
    and events.owner = burned.owner
    and events.shares_raw = burned.shares_raw
where if(events.is_deposit, given_position is not null, is_burned is null)
