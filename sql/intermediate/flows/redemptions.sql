-- One row per request to redeem shares later, as marts.redemptions shows it.
-- Settled by the first SettleRedeem whose epochId is at least the requestId (Lagoon);
-- of all others as told_redemptions says. One that waits has waited to the last moment
-- at which the vault's logs are known: beyond that nobody knows.
-- Where the log of a settlement between the two is missing, nobody knows which it was.
-- grain: vault_id, log_position
-- stored
with

vaults as (

    select
        vault_id,
        flow_source,
        asset_decimals,
        share_decimals
    from staging.vaults
    inner join staging.families using (family)

),

run as (

    select * from staging.run

),

events as (

    select *
    from staging.events
    where event in ('RedeemRequest', 'RedeemRequestCanceled', 'SettleRedeem')
        and block_at < (select until_at from run)

),

requests as (

    select
        vault_id,
        log_position,
        block_number,
        block_at,
        transaction_hash,
        arguments->>'controller' as controller,
        try_cast(arguments->>'requestId' as hugeint) as request_id,
        (arguments->>'shares')::bignum as shares_raw
    from events
    inner join vaults using (vault_id)
    where event = 'RedeemRequest' and flow_source = 'settlements'

),

cancellations as (

    select
        vault_id,
        arguments->>'controller' as controller,
        try_cast(arguments->>'requestId' as hugeint) as request_id,
        max(log_position) as cancelled_position
    from events
    where event = 'RedeemRequestCanceled'
    group by all

),

settlements as (

    select
        vault_id,
        log_position as settled_position,
        block_number as settled_block,
        block_at as settled_at,
        transaction_hash as settled_transaction,
        try_cast(arguments->>'epochId' as hugeint) as epoch_id,
        (arguments->>'assetsWithdrawed')::bignum as paid_raw,
        (arguments->>'sharesBurned')::bignum as burnt_raw
    from events
    where event = 'SettleRedeem'
    qualify row_number() over (
        partition by vault_id, epoch_id order by log_position
    ) = 1

),

settled as (

    select
        requests.*,
        settlements.* exclude (vault_id)
    from requests
    asof left join settlements
        on requests.vault_id = settlements.vault_id
        and requests.request_id <= settlements.epoch_id

),

gaps as (

    select
        vault_id,
        log_position as gap_position
    from intermediate.missing_logs
    where trace in ('burn_without_event', 'gap_in_redemptions')

),

-- a settlement from before the request is of another epoch's numbers
matched as (

    select
        settled.*,
        gap_position is not null
        and coalesce(
            settled_position < settled.log_position or gap_position <= settled_position,
            true
        ) as is_log_missing,
        case
            when cancelled_position > log_position
                and coalesce(settled_position > cancelled_position, true)
                then 'cancelled'
            when is_log_missing then 'unknown'
            when settled_position > log_position then 'settled'
            else 'waiting'
        end as status
    from settled
    left join cancellations using (vault_id, controller, request_id)
    asof left join gaps
        on settled.vault_id = gaps.vault_id
        and settled.log_position < gaps.gap_position

),

combined as (

    select
        vault_id,
        log_position,
        block_number,
        block_at,
        transaction_hash,
        controller,
        request_id::varchar as request_id,
        shares_raw,
        status,
        settled_position,
        settled_block,
        settled_at,
        settled_transaction,
        paid_raw,
        burnt_raw,
        true as is_settlement,
        null::double as told_exit_fee,
        case status
            when 'settled' then 'nothing_burnt'
            when 'waiting' then 'still_waiting'
            when 'unknown' then 'logs_missing'
            else status
        end as reason
    from matched

    union all

    select
        vault_id,
        log_position,
        block_number,
        block_at,
        transaction_hash,
        controller,
        request_id,
        shares_raw,
        status,
        settled_position,
        settled_position // 1_000_000,
        settled_at,
        settled_transaction,
        paid_raw,
        burnt_raw,
        false,
        exit_fee,
        reason
    from intermediate.told_redemptions

),

judged as (

    select
        combined.*,
        asset_decimals,
        share_decimals
    from combined
    inner join vaults using (vault_id)

),

attempts as (

    select * from intermediate.lagoon_attempts

),

known as (

    select
        vault_id,
        known_until
    from intermediate.contract_coverage
    where role = 'vault'

),

last_attempts as (

    select
        vault_id,
        max(attempt) as last_attempt
    from attempts
    group by vault_id

),

counted as (

    select
        judged.*,
        due.attempt as first_due,
        case judged.status
            when 'settled' then done.attempt
            when 'waiting' then last_attempt + 1
        end as end_attempt
    from judged
    asof left join attempts as due
        on judged.vault_id = due.vault_id
        and judged.log_position < due.proposed_position
    asof left join attempts as done
        on judged.vault_id = done.vault_id
        and judged.settled_position >= done.log_position
    left join last_attempts on judged.vault_id = last_attempts.vault_id

),

priced as (

    select
        counted.*,
        at_request.share_price as price_at_request,
        -- of others the price was fixed earlier, when it was asked for or set aside
        case
            when status = 'settled' and is_settlement then at_settlement.share_price
        end as price_at_settlement,
        case
            when status = 'settled' and burnt_raw > 0::bignum
                then (paid_raw::double / 10::double ^ asset_decimals)
                    / (burnt_raw::double / 10::double ^ share_decimals)
        end as realised_price,
        -- a Lagoon states every exit fee
        case
            when status = 'settled' and is_settlement
                then coalesce(exit_fees.exit_fee, 0)
            else told_exit_fee
        end as exit_fee
    from counted
    left join intermediate.lagoon_exit_fees as exit_fees
        using (vault_id, settled_position)
    asof left join intermediate.value_prices as at_request
        on counted.vault_id = at_request.vault_id
        and counted.block_at >= at_request.observed_at
    asof left join intermediate.value_prices as at_settlement
        on counted.vault_id = at_settlement.vault_id
        and counted.settled_at >= at_settlement.observed_at

)

select
    vault_id,
    log_position,
    block_at as requested_at,
    block_number,
    transaction_hash,
    controller,
    request_id,
    shares_raw::varchar as shares_raw,
    shares_raw::double / 10::double ^ share_decimals as shares,
    status,
    case when status = 'settled' then settled_at end as settled_at,
    case when status = 'settled' then settled_block end as settled_block,
    case when status = 'settled' then settled_transaction end as settled_transaction,
    case status
        when 'settled' then (epoch(settled_at) - epoch(block_at)) / 86400
        when 'waiting'
            then (epoch(known_until) - epoch(block_at)) / 86400
    end as waited_days,
    case
        when status in ('settled', 'waiting') and is_settlement
            then coalesce(greatest(end_attempt - first_due, 0), 0)
    end as times_passed_over,
    price_at_request,
    price_at_settlement,
    realised_price,
    realised_price / nullif(price_at_request, 0) - 1 as price_change,
    exit_fee,
    realised_price / nullif(price_at_settlement, 0) - 1 as shortfall,
    case when realised_price is null then reason end as reason
from priced
left join known using (vault_id)
