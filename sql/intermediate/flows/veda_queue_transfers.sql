-- One row per transfer of a Veda vault's shares out of a queue: to whom, and whose.
-- What a queue holds is of who asked. A solver is given the shares of the requests that
-- are solved in the transaction, each by the log that says so and for the assets that
-- were promised; a delayed withdrawal burns them in the queue. What goes back to who
-- asked is no row.
-- grain: vault_id, log_position, holder
with

queues as (

    select * from intermediate.veda_queues

),

withdrawals as (

    select * from intermediate.veda_withdrawals

),

leaving as (

    select
        moved.vault_id,
        moved.log_position,
        moved.block_at,
        moved.transaction_hash,
        moved.receiver,
        moved.is_burn,
        moved.shares_raw
    from intermediate.share_transfers as moved
    inner join queues
        on moved.vault_id = queues.vault_id and moved.sender = queues.account

),

-- a delayed withdrawal pays all that was asked for by one log
settled as (

    select distinct
        vault_id,
        settled_transaction as transaction_hash,
        settled_position,
        controller as holder,
        burnt_raw as shares_raw,
        paid_raw as assets_raw
    from withdrawals
    where status = 'settled'

),

settled_sums as (

    select
        vault_id,
        transaction_hash,
        sum(shares_raw) as shares_raw,
        case when count(distinct holder) = 1 then min(holder) end as only_holder
    from settled
    group by vault_id, transaction_hash

),

-- a solver gets the shares of all requests at once
solved as (

    select
        leaving.vault_id,
        leaving.log_position as left_position,
        settled_position as log_position,
        leaving.block_at,
        leaving.receiver,
        leaving.is_burn,
        settled.holder,
        settled.shares_raw,
        settled.assets_raw
    from leaving
    semi join settled_sums using (vault_id, transaction_hash, shares_raw)
    inner join settled
        on leaving.vault_id = settled.vault_id
        and leaving.transaction_hash = settled.transaction_hash

),

askers as (

    select distinct
        vault_id,
        controller as receiver
    from withdrawals

),

-- what else leaves with one holder's shares is a fee that it pays
others as (

    select
        leaving.vault_id,
        leaving.log_position,
        leaving.block_at,
        leaving.receiver,
        leaving.is_burn,
        coalesce(only_holder, 'unattributed') as holder,
        leaving.shares_raw,
        null::bignum as assets_raw
    from leaving
    left join settled_sums using (vault_id, transaction_hash)
    anti join solved
        on leaving.vault_id = solved.vault_id
        and leaving.log_position = solved.left_position
    anti join askers
        on leaving.vault_id = askers.vault_id
        and leaving.receiver = askers.receiver

)

select
    vault_id,
    log_position,
    block_at,
    receiver,
    is_burn,
    holder,
    shares_raw,
    assets_raw
from solved

union all

select
    vault_id,
    log_position,
    block_at,
    receiver,
    is_burn,
    holder,
    shares_raw,
    assets_raw
from others
