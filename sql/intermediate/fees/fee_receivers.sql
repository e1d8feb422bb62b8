-- One row per account that the vault's own contract or the config names for its fees.
-- The contract names it by an event, by the event's old value, or when it is asked: by
-- which, of any family, is a line of seeds.fee_receivers.
-- grain: vault_id, account
-- stored
with

events as (

    select
        vault_id,
        events.arguments->>fee_receivers.argument as account
    from staging.events as events
    inner join seeds.fee_receivers on events.event = fee_receivers.name
    where told_by = 'event'

),

-- of a list, the argument is the place of the account
states as (

    select
        vaults.vault_id,
        case
            when fee_receivers.argument = '' then states.text
            else try_cast(states.text as json)->>fee_receivers.argument::integer
        end as account
    from staging.states as states
    inner join seeds.fee_receivers on states.field = fee_receivers.name
    inner join staging.vaults as vaults using (chain_id, address)
    where states.status = 'ok' and told_by = 'function'

),

contracts as (

    select
        vault_id,
        address as account
    from staging.contracts
    where role = 'fee_receiver'

),

named as (

    select * from events
    union all
    select * from states
    union all
    select * from contracts

)

select distinct
    vault_id,
    account
from named
where account is not null and account != '0x0000000000000000000000000000000000000000'
