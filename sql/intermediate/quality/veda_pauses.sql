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
        lag(block_at) over (partition by vault_id order by log_position)
            as previous_at
    from intermediate.veda_rates

),

states as (

    select
        vaults.vault_id,
        (block_number + 1) * 1_000_000 - 1 as position,
        states.text::json as words,
        -- a version without a high-water mark has two words less, one of them before
        case json_array_length(words) when 12 then 5 when 10 then 4 end as place
    from staging.states as states
    inner join staging.vaults as vaults using (chain_id, address)
    where states.field = 'accountant.accountantState' and states.status = 'ok'

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
        (words->>place)::bigint as upper_bound
    from states
    where place is not null

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
        (words->>(place + 1))::bigint as lower_bound
    from states
    where place is not null

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
        (words->>(place + 4))::bigint as delay_seconds
    from states
    where place is not null

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
