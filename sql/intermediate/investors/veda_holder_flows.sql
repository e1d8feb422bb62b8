-- One row per change of what a holder owns in a queue of a Veda vault.
-- Shares that wait there are of who asked until the queue is rid of them: a solver is
-- given them for the assets that were promised, or they are burned for these. What
-- nobody asked for is on the account 'unattributed'.
-- Amounts are raw; is_at_price: worth the price of then.
-- grain: vault_id, log_position, holder, kind
with

queues as (

    select * from intermediate.veda_queues

),

requests as (

    select
        vault_id,
        transaction_hash,
        controller as sender,
        shares_raw
    from intermediate.veda_withdrawals

),

given_up as (

    select
        moved.vault_id,
        moved.log_position,
        moved.block_at,
        moved.sender as giver,
        'unattributed' as taker,
        moved.shares_raw,
        null::bignum as assets_raw
    from intermediate.share_transfers as moved
    inner join queues
        on moved.vault_id = queues.vault_id and moved.receiver = queues.account
    anti join requests
        on moved.vault_id = requests.vault_id
        and moved.transaction_hash = requests.transaction_hash
        and moved.sender = requests.sender
        and moved.shares_raw = requests.shares_raw
    where not moved.is_mint

),

leaving as (

    select * from intermediate.veda_queue_transfers

),

moves as (

    select * from given_up

    union all

    select
        vault_id,
        log_position,
        block_at,
        holder,
        receiver,
        shares_raw,
        assets_raw
    from leaving
    where not is_burn and holder != receiver

)

select
    vault_id,
    log_position,
    block_at,
    holder,
    'flow' as kind,
    null::varchar as counterparty,
    -shares_raw::double as raw_shares,
    assets_raw::double as raw_assets,
    false as is_at_price
from leaving
where is_burn

union all

select
    vault_id,
    log_position,
    block_at,
    giver,
    'move',
    taker,
    -shares_raw::double,
    assets_raw::double,
    assets_raw is null
from moves

union all

select
    vault_id,
    log_position,
    block_at,
    taker,
    'move',
    giver,
    shares_raw::double,
    -assets_raw::double,
    assets_raw is null
from moves
