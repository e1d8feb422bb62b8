-- One row per vault and contract of it that can be paused: whether it is, since when.
-- What was read daily (paused; of a Veda accountant the flag in its state, which also
-- turns on, without an event, when a rate is posted out of bounds) and the events
-- Paused, Unpaused and UpdatePaused: whichever is later. paused_since is the moment
-- from which every source says so.
-- grain: vault_id, contract
with

-- the state has eight words before the flag, or seven without a high-water mark
read as (

    select
        vaults.vault_id,
        if(states.field = 'paused', 'vault', 'accountant') as contract,
        (block_number + 1) * 1_000_000 - 1 as position,
        block_at,
        case
            when states.field = 'paused' then states.value > 0::bignum
            when json_array_length(states.text::json) = 12
                then (states.text::json->>8) = '1'
            when json_array_length(states.text::json) = 10
                then (states.text::json->>7) = '1'
        end as is_paused
    from staging.states
    inner join staging.vaults as vaults using (chain_id, address)
    where states.field in ('paused', 'accountant.accountantState')
        and states.status = 'ok'

),

events as (

    select
        vault_id,
        'vault' as contract,
        log_position as position,
        block_at,
        event,
        arguments
    from staging.events
    where event in ('Paused', 'Unpaused', 'UpdatePaused')

    union all

    select
        vault_id,
        role as contract,
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
        contract,
        position,
        block_at,
        case event
            when 'UpdatePaused' then (arguments->>'paused') = 'true'
            else event = 'Paused'
        end as is_paused
    from events

),

ends as (

    select
        vault_id,
        contract,
        max(position) filter (not is_paused) as last_running
    from told
    group by vault_id, contract

)

select
    vault_id,
    contract,
    arg_max(is_paused, position) as is_paused,
    max(block_at) as told_at,
    min(block_at) filter (position > coalesce(last_running, -1)) as paused_since
from told
inner join ends using (vault_id, contract)
group by vault_id, contract
