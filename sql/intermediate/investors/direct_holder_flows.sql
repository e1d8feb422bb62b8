-- One row per change of what a holder owns outside of accounts in which shares wait.
-- Of vaults without events of settlement, by the transfers of their shares: so every
-- sum is a balance, whatever else is known. What was paid is a flow's; shares that
-- change hands, or are made without one, are worth the price of then; for shares that
-- are taken by an event that says so nothing is paid, those that leave for another
-- chain are worth the price of then, and for others nobody knows what was paid.
-- Without any transfer in the logs the flows tell the shares. Nothing is of the vault's
-- own account. Amounts are raw; is_at_price: worth the price of then.
-- grain: vault_id, log_position, holder, kind
with

vaults as (

    select
        vault_id,
        address
    from staging.vaults
    inner join staging.families using (family)
    where flow_source != 'settlements'

),

transfers as (

    select * from intermediate.flow_transfers

),

silent as (

    select vault_id
    from vaults
    anti join intermediate.share_transfers using (vault_id)

),

escrow_claims as (

    select
        vault_id,
        log_position
    from intermediate.escrow_claims

),

told as (

    select
        vault_id,
        flow_position as log_position
    from transfers
    where is_flow

),

-- a flow of another number of shares than moved: its assets, and no shares
apart as (

    select
        flows.*,
        is_deposit as is_mint,
        silent.vault_id is not null as is_silent
    from intermediate.flows
    semi join vaults using (vault_id)
    anti join told using (vault_id, log_position)
    anti join escrow_claims using (vault_id, log_position)
    left join silent using (vault_id)
    where holder is not null

),

parted as (

    select distinct
        vault_id,
        transaction_hash,
        holder,
        is_mint,
        true as is_paid_apart
    from apart

),

seizures as (

    select distinct
        vault_id,
        transaction_hash,
        seized as holder,
        true as is_seizure
    from intermediate.redistributions

),

-- whose shares leave for another chain still owns them
bridged as (

    select distinct
        vault_id,
        transaction_hash,
        holder,
        true as is_bridged
    from intermediate.veda_unpaid_moves
    where not is_mint and partner is null

),

changes as (

    select
        transfers.*,
        coalesce(is_paid_apart, false) as is_paid_apart,
        coalesce(is_seizure, false) as is_seizure,
        coalesce(is_bridged, false) as is_bridged
    from transfers
    left join parted using (vault_id, transaction_hash, holder, is_mint)
    left join seizures using (vault_id, transaction_hash, holder)
    left join bridged using (vault_id, transaction_hash, holder)
    where is_mint != is_burn and not is_own

),

moves as (

    select
        transfers.*,
        vaults.address
    from transfers
    inner join vaults using (vault_id)
    where not is_mint and not is_burn and sender != receiver

)

select
    vault_id,
    coalesce(flow_position, log_position) as log_position,
    block_at,
    holder,
    case
        when is_flow or is_paid_apart then 'flow'
        when is_mint then 'mint'
        else 'burn'
    end as kind,
    null::varchar as counterparty,
    case when is_mint then shares_raw::double else -shares_raw::double end
        as raw_shares,
    case
        when is_flow then -assets_raw::double
        when is_paid_apart or is_seizure then 0
    end as raw_assets,
    (is_mint or is_bridged) and not is_flow and not is_paid_apart as is_at_price
from changes

union all

select
    vault_id,
    log_position,
    block_at,
    holder,
    'flow',
    null,
    case when is_silent then shares_raw::double else 0 end,
    -assets_raw::double,
    false
from apart

union all

select
    vault_id,
    log_position,
    block_at,
    sender,
    'move',
    receiver,
    -shares_raw::double,
    null,
    true
from moves
where sender != address

union all

select
    vault_id,
    log_position,
    block_at,
    receiver,
    'move',
    sender,
    shares_raw::double,
    null,
    true
from moves
where receiver != address
