-- One row per rate by which a Veda accountant paused itself, as its own rule says.
-- Nothing logs that. It does so by a rate that moves further than its bounds allow, in
-- basis points of the rate before, or sooner than its delay after the post before; the
-- terms are as they were last logged or read, and one that is not known says nothing.
-- grain: vault_id, log_position
with

rates as (

    select
        *,
        -- the contract has no rates of more than 96 bits
        try_cast(rate_raw::varchar as hugeint) as rate,
        try_cast(previous_raw::varchar as hugeint) as previous,
        lag(block_at) over (
            partition by vault_id, accountant order by log_position
        ) as previous_at
    from intermediate.veda_rates

),

states as (

    select * from intermediate.veda_accountant_states

),

events as (

    select
        vault_id,
        log_position as position,
        event,
        arguments
    from staging.contract_events
    where role = 'accountant'

),

uppers as (

    select
        vault_id,
        position,
        upper_bound
    from states

    union all

    select
        vault_id,
        position,
        (arguments->>'newBound')::bigint
    from events
    where event = 'UpperBoundUpdated'

),

lowers as (

    select
        vault_id,
        position,
        lower_bound
    from states

    union all

    select
        vault_id,
        position,
        (arguments->>'newBound')::bigint
    from events
    where event = 'LowerBoundUpdated'

),

delays as (

    select
        vault_id,
        position,
        delay_seconds
    from states

    union all

    select
        vault_id,
        position,
        (arguments->>'newDelay')::bigint
    from events
    where event = 'DelayInSecondsUpdated'

)

select
    rates.vault_id,
    log_position,
    block_at
from rates
asof left join uppers
    on rates.vault_id = uppers.vault_id and rates.log_position > uppers.position
asof left join lowers
    on rates.vault_id = lowers.vault_id and rates.log_position > lowers.position
asof left join delays
    on rates.vault_id = delays.vault_id and rates.log_position > delays.position
-- the contract rounds the bounds down
where try(rate * 10000 > previous * upper_bound)
    or try((rate + 1) * 10000 <= previous * lower_bound)
    or (
        previous_raw is not null
        and epoch(block_at) - epoch(previous_at) < delay_seconds
    )
