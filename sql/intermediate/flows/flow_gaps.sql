-- One row per holder and transaction whose flows and transfers of shares do not agree.
-- transfer_missing: fewer shares came or went than its deposits or withdrawals state.
-- event_missing: shares were burned without an event that says why, of a vault whose
-- every mint and burn has one, or while the asset moved. unexplained_flow and
-- unexplained_burn: the same where a node proved that no log is missing; a burn also of
-- a vault that may burn without an event. Only of vaults whose flows have events and
-- whose transfers are known.
-- grain: vault_id, transaction_hash, holder, kind
-- stored
with

vaults as (

    select
        vault_id,
        tells_every_mint
    from staging.vaults
    inner join staging.families using (family)
    where flow_source = 'events'

),

proved as (

    select
        vault_id,
        true as is_proved
    from intermediate.proved_histories

),

transfers as (

    select * from intermediate.share_transfers

),

told as (

    select
        vault_id,
        flow_position as log_position
    from intermediate.flow_transfers
    where is_flow

),

logged as (

    select distinct vault_id from transfers

),

apart as (

    select *
    from intermediate.flows
    semi join vaults using (vault_id)
    semi join logged using (vault_id)
    anti join told using (vault_id, log_position)
    where holder is not null

),

-- all of the holder's flows there: its transfers are not told apart
stated as (

    select
        flows.vault_id,
        flows.transaction_hash,
        flows.holder,
        flows.is_deposit,
        min(flows.log_position) as log_position,
        sum(
            case
                when flows.is_deposit then flows.shares_raw
                else 0::bignum - flows.shares_raw
            end
        ) as stated_raw
    from intermediate.flows
    semi join apart using (vault_id, transaction_hash, holder, is_deposit)
    group by all

),

moved as (

    select
        vault_id,
        transaction_hash,
        receiver as holder,
        true as is_deposit,
        shares_raw
    from transfers
    semi join stated using (vault_id, transaction_hash)

    union all

    select
        vault_id,
        transaction_hash,
        sender,
        false,
        shares_raw
    from transfers
    semi join stated using (vault_id, transaction_hash)

),

moved_sums as (

    select
        vault_id,
        transaction_hash,
        holder,
        is_deposit,
        sum(shares_raw) as moved_raw
    from moved
    group by all

),

short as (

    select
        stated.vault_id,
        stated.transaction_hash,
        stated.holder,
        min(log_position) as log_position
    from stated
    left join moved_sums using (vault_id, transaction_hash, holder, is_deposit)
    where coalesce(moved_raw, 0::bignum) < stated_raw
    group by all

),

told_burns as (

    select
        vault_id,
        transaction_hash,
        seized as holder
    from intermediate.redistributions

    union all

    select
        vault_id,
        transaction_hash,
        holder
    from intermediate.veda_unpaid_moves
    where not is_mint and partner is null

),

-- a withdrawal that burned another number than it states is told of
withdrawn as (

    select
        vault_id,
        transaction_hash,
        holder
    from apart
    where not is_deposit

),

burns as (

    select
        vault_id,
        transaction_hash,
        holder,
        min(log_position) as log_position
    from intermediate.flow_transfers
    semi join vaults using (vault_id)
    anti join told_burns using (vault_id, transaction_hash, holder)
    anti join withdrawn using (vault_id, transaction_hash, holder)
    where is_burn and not is_mint and not is_own and not is_flow
    group by all

),

paid as (

    select distinct
        vault_id,
        transaction_hash,
        true as is_paid
    from staging.contract_events
    semi join burns using (vault_id, transaction_hash)
    where role = 'asset' and event = 'Transfer'

)

select
    vault_id,
    transaction_hash,
    holder,
    case when is_proved is null then 'transfer_missing' else 'unexplained_flow' end
        as kind,
    log_position
from short
left join proved using (vault_id)

union all

select
    vault_id,
    transaction_hash,
    holder,
    case
        when is_proved is not null then 'unexplained_burn'
        when tells_every_mint or is_paid is not null then 'event_missing'
        else 'unexplained_burn'
    end as kind,
    log_position
from burns
left join proved using (vault_id)
inner join vaults using (vault_id)
left join paid using (vault_id, transaction_hash)
