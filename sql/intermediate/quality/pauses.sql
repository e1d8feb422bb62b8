-- One row per vault and contract of it that can be paused: whether it is, since when.
-- What was read daily (paused; of a Veda accountant the flag in its state, which also
-- turns on, without an event, when a rate is posted out of bounds), such a rate, and
-- the events Paused, Unpaused and UpdatePaused: whichever is later. paused_since is the
-- moment from which every source says so.
-- grain: vault_id, place
-- stored
with

read as (

    select
        vaults.vault_id,
        'vault' as place,
        'vault' as contract,
        (block_number + 1) * 1_000_000 - 1 as position,
        block_at,
        states.value > 0::bignum as is_paused
    from staging.states as states
    inner join staging.vaults as vaults using (chain_id, address)
    where states.field = 'paused' and states.status = 'ok'

    union all

    select
        vault_id,
        'accountant',
        'accountant',
        position,
        block_at,
        is_paused
    from intermediate.veda_accountant_states

),

events as (

    select
        vault_id,
        'vault' as place,
        'vault' as contract,
        log_position as position,
        block_at,
        event,
        arguments
    from staging.events
    where event in ('Paused', 'Unpaused', 'UpdatePaused')

    union all

    -- a vault has several governors, of which each has a pause of its own
    select
        vault_id,
        if(role = 'governor', address, role) as place,
        if(role = 'governor' and name != '', name, role) as contract,
        log_position as position,
        block_at,
        event,
        arguments
    from staging.contract_events
    where event in ('Paused', 'Unpaused', 'UpdatePaused')

),

told as (

    select * from read where is_paused is not null
    union all
    select
        vault_id,
        place,
        contract,
        position,
        block_at,
        case event
            when 'UpdatePaused' then (arguments->>'paused') = 'true'
            else event = 'Paused'
        end as is_paused
    from events
    union all
    select
        vault_id,
        'accountant',
        'accountant',
        log_position,
        block_at,
        true
    from intermediate.veda_pauses

),

ends as (

    select
        vault_id,
        place,
        max(position) filter (not is_paused) as last_running
    from told
    group by vault_id, place

)

select
    vault_id,
    place,
    any_value(contract) as contract,
    arg_max(is_paused, position) as is_paused,
    max(block_at) as told_at,
    min(block_at) filter (position > coalesce(last_running, -1)) as paused_since
from told
inner join ends using (vault_id, place)
group by vault_id, place
