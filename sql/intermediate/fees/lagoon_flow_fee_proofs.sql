-- One row per fee on entry or exit and haircut that a Lagoon vault states: recomputed.
-- formula, in integers, rounded up: shares * rate / 1e4, of the shares
--   that a settlement mints or burns by its event;
--   that a deposit at once is worth: what the depositor got and the fee;
--   that are redeemed at once, or of a closed vault; of a haircut less the exit fee.
-- A withdrawal of a closed vault begins with the assets and comes to the same fee.
-- The rate is that in force by RatesUpdated, else as the fee states it.
-- is_reproduced asks too whether the fee is divided by the protocol's rate.
-- grain: vault_id, log_position
-- stored
with

fees as (

    select
        vault_id,
        log_position,
        transaction_hash,
        if(fee_type = '2', 'entry', 'exit') as kind,
        shares_raw,
        rate,
        is_divided
    from intermediate.lagoon_fees_taken
    where fee_type in ('2', '3')

),

stated as (

    select * from fees

    union all

    select
        vault_id,
        log_position,
        transaction_hash,
        'haircut' as kind,
        (arguments->>'shares')::bignum as shares_raw,
        (arguments->>'rate')::integer as rate,
        true as is_divided
    from intermediate.vault_events
    where event = 'HaircutTaken'

),

flows as (

    select
        vault_id,
        log_position,
        transaction_hash,
        event,
        event in ('SettleDeposit', 'DepositSync') as is_entry,
        coalesce(
            arguments->>'sharesMinted', arguments->>'sharesBurned', arguments->>'shares'
        )::bignum as moved_raw
    from intermediate.vault_events
    where event in (
        'SettleDeposit', 'DepositSync', 'SettleRedeem', 'WithdrawSync', 'Withdraw'
    )

),

-- each is logged before what it is for
matched as (

    select
        stated.*,
        event,
        case
            when event = 'DepositSync' then moved_raw + shares_raw
            when kind = 'haircut'
                then moved_raw - coalesce(
                    sum(shares_raw) filter (kind = 'exit') over by_flow, 0::bignum
                )
            else moved_raw
        end as base_raw
    from stated
    asof inner join flows
        on stated.vault_id = flows.vault_id
        and stated.transaction_hash = flows.transaction_hash
        and (stated.kind = 'entry') = flows.is_entry
        and stated.log_position < flows.log_position
    window by_flow as (partition by stated.vault_id, flows.log_position)

),

updates as (

    select
        vault_id,
        log_position,
        arguments->'newRate' as rates
    from intermediate.vault_events
    where event = 'RatesUpdated'

),

rated as (

    select
        matched.*,
        coalesce(
            case kind
                when 'entry' then rates->>2
                when 'exit' then rates->>3
                when 'haircut' then rates->>4
            end::integer,
            rate
        ) as rate_in_force
    from matched
    asof left join updates
        on matched.vault_id = updates.vault_id
        and matched.log_position >= updates.log_position

)

select
    vault_id,
    log_position,
    case
        when base_raw::double < 1e33
            then (
                try_cast(base_raw::varchar as hugeint) * rate_in_force + 9999
            ) // 10000
    end::bignum as recomputed_raw,
    recomputed_raw = shares_raw and is_divided as is_reproduced
from rated
where recomputed_raw is not null
