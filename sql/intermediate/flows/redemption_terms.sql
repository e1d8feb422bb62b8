-- One row per vault with a cooldown: what delays a redemption, as last known.
-- cooldown_seconds: from the burn of shares, or from a request to a queue, to the
--   earliest payment; 0 where the vault says so
-- Only vaults of which a log or an answer says it. What stops redemptions is in pauses.
-- grain: vault_id
-- stored
with

vaults as (

    select * from staging.vaults

),

run as (

    select * from staging.run

),

-- what a block's logs say has come true by the block's end, where states are read
told as (

    select
        vault_id,
        log_position,
        (arguments->>'newDuration')::double as cooldown_seconds
    from staging.events
    where event = 'CooldownDurationUpdated' and block_at < (select until_at from run)

    union all

    select
        vaults.vault_id,
        block_number * 1_000_000 + 999_999 as log_position,
        value::double as cooldown_seconds
    from staging.states as states
    inner join vaults using (chain_id, address)
    where states.status = 'ok' and states.field = 'cooldownDuration'

    union all

    select * from intermediate.veda_maturities

)

select
    vault_id,
    arg_max(cooldown_seconds, log_position) as cooldown_seconds
from told
group by vault_id
