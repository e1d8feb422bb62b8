-- One row per sUSDe vault: how long a redemption takes at the end of the run.
-- What the last event says, else what was read last; the contract starts with 90 days.
-- While there is a cooldown, redeeming at once is refused.
-- grain: vault_id
with

vaults as (

    select
        vault_id,
        chain_id,
        address
    from staging.vaults
    where family = 'susde'

),

run as (

    select * from staging.run

),

updates as (

    select
        vault_id,
        arg_max((arguments->>'newDuration')::bigint, log_position) as updated_seconds
    from staging.events
    where event = 'CooldownDurationUpdated' and block_at < (select until_at from run)
    group by vault_id

),

states as (

    select
        vault_id,
        arg_max(value, block_number)::bigint as read_seconds
    from staging.states
    inner join vaults using (chain_id, address)
    where field = 'cooldownDuration' and status = 'ok'
    group by vault_id

)

select
    vault_id,
    coalesce(updated_seconds, read_seconds, 7776000) as delay_seconds
from vaults
left join updates using (vault_id)
left join states using (vault_id)
