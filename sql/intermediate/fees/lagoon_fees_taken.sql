-- One row per fee that a Lagoon vault states, which it does since v0.6, but haircuts.
-- protocol_rate: the protocol's part of it, in hundredths of a percent. By the events
-- of the registry, the vault's own rate before that of all; where they do not tell it,
-- the greatest that gives no more than what the protocol got. At most 3000 counts.
-- is_divided: whether it is divided by that rate: the protocol's part is rounded up,
-- and the rest is the manager's. Null of more than 10 ^ 33 shares.
-- grain: vault_id, log_position
-- stored
with

taken as (

    select
        vault_id,
        log_position,
        block_number,
        transaction_hash,
        address,
        arguments->>'feeType' as fee_type,
        (arguments->>'shares')::bignum as shares_raw,
        (arguments->>'managerShares')::bignum as manager_raw,
        (arguments->>'protocolShares')::bignum as protocol_raw,
        (arguments->>'rate')::integer as rate
    from intermediate.vault_events
    where event = 'FeeTaken'

),

registry_events as (

    select
        vault_id,
        log_position,
        event,
        lower(arguments->>'vault') as vault,
        arguments->>'isActivated' = 'true' as is_activated,
        try_cast(
            coalesce(arguments->>'rate', arguments->>'newRate') as integer
        ) as rate
    from staging.contract_events
    where event in ('CustomRateUpdated', 'DefaultRateUpdated')

),

own_rates as (

    select * from registry_events where event = 'CustomRateUpdated'

),

default_rates as (

    select * from registry_events where event = 'DefaultRateUpdated'

),

rated as (

    select
        taken.*,
        if(own_rates.is_activated, own_rates.rate, default_rates.rate) as told_rate,
        case
            when shares_raw::double < 1e33
                then try_cast(shares_raw::varchar as hugeint)
        end as shares,
        case
            when protocol_raw::double < 1e33
                then try_cast(protocol_raw::varchar as hugeint)
        end as protocol
    from taken
    asof left join own_rates
        on taken.vault_id = own_rates.vault_id
        and taken.address = own_rates.vault
        and taken.log_position >= own_rates.log_position
    asof left join default_rates
        on taken.vault_id = default_rates.vault_id
        and taken.log_position >= default_rates.log_position

)

select
    vault_id,
    log_position,
    block_number,
    transaction_hash,
    fee_type,
    shares_raw,
    manager_raw,
    protocol_raw,
    rate,
    least(3000, coalesce(told_rate, protocol * 10000 // nullif(shares, 0)))
        as protocol_rate,
    manager_raw + protocol_raw = shares_raw
        and protocol = (shares * protocol_rate + 9999) // 10000 as is_divided
from rated
