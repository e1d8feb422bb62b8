-- One row per cooldown of sUSDe: shares burned at once, and assets that wait in a silo.
-- While there is a cooldown, every Withdraw is one: its receiver is the silo. The
-- contract starts with 90 days, which no event says. It is over with the cooldown's
-- duration, and paid by the silo's next transfer to who asked, if that is of all that
-- waited for it. Which transfers leave the silo is known where it is followed.
-- grain: vault_id, log_position
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
        log_position,
        (arguments->>'previousDuration')::bigint as previous_seconds,
        (arguments->>'newDuration')::bigint as cooldown_seconds
    from staging.events
    semi join vaults using (vault_id)
    where event = 'CooldownDurationUpdated'

),

first_updates as (

    select
        vault_id,
        arg_min(previous_seconds, log_position) as first_seconds
    from updates
    group by vault_id

),

first_states as (

    select
        vault_id,
        arg_min(value, block_number)::bigint as read_seconds
    from staging.states
    inner join vaults using (chain_id, address)
    where field = 'cooldownDuration' and status = 'ok'
    group by vault_id

),

withdrawals as (

    select
        vault_id,
        log_position,
        block_number,
        block_at,
        transaction_hash,
        arguments->>'owner' as owner,
        arguments->>'sender' as controller,
        arguments->>'receiver' as silo,
        (arguments->>'assets')::bignum as assets_raw,
        (arguments->>'shares')::bignum as shares_raw
    from intermediate.vault_events
    semi join vaults using (vault_id)
    where event = 'Withdraw'

),

cooldowns as (

    select
        withdrawals.*,
        coalesce(cooldown_seconds, first_seconds, read_seconds, 7776000)
            as cooldown_seconds,
        block_at + to_seconds(
            coalesce(updates.cooldown_seconds, first_seconds, read_seconds, 7776000)
        ) as ends_at
    from withdrawals
    asof left join updates
        on withdrawals.vault_id = updates.vault_id
        and withdrawals.log_position >= updates.log_position
    left join first_updates on withdrawals.vault_id = first_updates.vault_id
    left join first_states on withdrawals.vault_id = first_states.vault_id

),

waiting as (

    select * from cooldowns where cooldown_seconds > 0

),

silos as (

    select distinct
        vault_id,
        silo as sender
    from waiting

),

payments as (

    select
        vault_id,
        log_position as settled_position,
        block_at as settled_at,
        transaction_hash as settled_transaction,
        arguments->>'from' as sender,
        arguments->>'to' as controller,
        (arguments->>'value')::bignum as amount_raw
    from staging.contract_events
    semi join vaults using (vault_id)
    where role = 'asset' and event = 'Transfer'

),

paid_out as (

    select * exclude (sender)
    from payments
    semi join silos using (vault_id, sender)

),

followed as (

    select distinct vault_id from paid_out

),

joined as (

    select
        waiting.*,
        paid_out.* exclude (vault_id, controller)
    from waiting
    asof left join paid_out
        on waiting.vault_id = paid_out.vault_id
        and waiting.controller = paid_out.controller
        and waiting.log_position <= paid_out.settled_position

),

checked as (

    select
        *,
        amount_raw is not null
            and amount_raw = sum(assets_raw) over (
                partition by vault_id, settled_position, controller
            ) as is_paid
    from joined

)

select
    checked.vault_id,
    log_position,
    block_number,
    block_at,
    transaction_hash,
    controller,
    null::varchar as request_id,
    shares_raw,
    case
        when is_paid then 'settled'
        when ends_at > (select until_at from run) or followed.vault_id is not null
            then 'waiting'
        else 'unknown'
    end as status,
    case when is_paid then settled_position end as settled_position,
    case when is_paid then settled_at end as settled_at,
    case when is_paid then settled_transaction end as settled_transaction,
    assets_raw as paid_raw,
    shares_raw as burnt_raw,
    silo,
    case
        when ends_at > (select until_at from run) then 'in_cooldown'
        when followed.vault_id is not null then 'not_claimed'
        else 'no_settlement_event'
    end as reason
from checked
left join followed using (vault_id)
