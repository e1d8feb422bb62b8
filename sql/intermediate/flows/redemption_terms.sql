-- One row per vault: what delays or stops a redemption by its own rules, as last known.
-- cooldown_seconds: from the burn of shares to their payment; 0 where the vault says so
-- is_paused: by the last event of the vault itself, or by its answer if that is later
-- Null where neither a log nor an answer of the vault says it.
-- grain: vault_id
with

vaults as (

    select * from staging.vaults

),

run as (

    select * from staging.run

),

events as (

    select *
    from staging.events
    where event in ('CooldownDurationUpdated', 'Paused', 'Unpaused')
        and block_at < (select until_at from run)

),

states as (

    select
        vaults.vault_id,
        states.block_number,
        states.field,
        states.value
    from staging.states as states
    inner join vaults using (chain_id, address)
    where states.status = 'ok' and states.field in ('cooldownDuration', 'paused')

),

-- what a block's logs say has come true by the block's end, where states are read
told as (

    select
        vault_id,
        'cooldownDuration' as field,
        log_position,
        (arguments->>'newDuration')::double as value
    from events
    where event = 'CooldownDurationUpdated'

    union all

    select
        vault_id,
        'paused' as field,
        log_position,
        if(event = 'Paused', 1, 0) as value
    from events
    where event in ('Paused', 'Unpaused')

    union all

    select
        vault_id,
        field,
        block_number * 1_000_000 + 999_999 as log_position,
        value::double as value
    from states

),

last_told as (

    select
        vault_id,
        arg_max(value, log_position) filter (field = 'cooldownDuration')
            as cooldown_seconds,
        arg_max(value, log_position) filter (field = 'paused') > 0 as is_paused
    from told
    group by vault_id

)

select
    vaults.vault_id,
    cooldown_seconds,
    is_paused
from vaults
left join last_told using (vault_id)
