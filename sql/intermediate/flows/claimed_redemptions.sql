-- One row per request to redeem of an ERC-7540 vault: when its shares were claimed.
-- The requests of a controller are claimed in their order: one is settled by the claim
-- with which as many shares were claimed as were asked for up to it, or by the burn
-- before it that was made for that claim. What is not claimed may wait or be claimable:
-- no event tells. Without any claim in the vault nothing is known.
-- grain: vault_id, log_position
with

requests as (

    select
        vault_id,
        log_position,
        block_number,
        block_at,
        transaction_hash,
        arguments->>'controller' as controller,
        arguments->>'requestId' as request_id,
        (arguments->>'shares')::bignum as shares_raw,
        sum(shares_raw) over (
            partition by vault_id, controller order by log_position
        ) as asked_raw
    from intermediate.vault_events
    where flow_source = 'transfers' and event = 'RedeemRequest'

),

claims as (

    select
        vault_id,
        controller,
        log_position as settled_position,
        block_at as settled_at,
        transaction_hash as settled_transaction,
        assets_raw as paid_raw,
        shares_raw as burnt_raw,
        sum(shares_raw) over (
            partition by vault_id, controller order by log_position
        ) as claimed_raw
    from intermediate.escrow_claims
    where not is_deposit

),

claiming as (

    select distinct vault_id from claims

),

burns as (

    select
        vault_id,
        claim_position as settled_position,
        log_position as burn_position,
        block_at as burn_at,
        transaction_hash as burn_transaction
    from intermediate.escrow_settlements
    where not is_deposit and not is_claimed_at_once and claim_position is not null

),

-- how many of its requests a claim ends is a sum on both sides: merged in order
ordered as (

    select
        vault_id,
        controller,
        asked_raw as total_raw,
        log_position,
        null::bigint as settled_position
    from requests

    union all

    select
        vault_id,
        controller,
        claimed_raw,
        null,
        settled_position
    from claims

),

ended as (

    select
        vault_id,
        log_position,
        min(settled_position) over (
            partition by vault_id, controller
            order by total_raw
            range between current row and unbounded following
        ) as settled_position
    from ordered

),

joined as (

    select
        requests.*,
        claims.* exclude (vault_id, controller, settled_position),
        claims.settled_position
    from requests
    inner join ended using (vault_id, log_position)
    left join claims
        on ended.vault_id = claims.vault_id
        and ended.settled_position = claims.settled_position

)

select
    joined.vault_id,
    log_position,
    block_number,
    block_at,
    transaction_hash,
    controller,
    request_id,
    shares_raw,
    case
        when joined.settled_position is not null then 'settled'
        when claiming.vault_id is not null then 'waiting'
        else 'unknown'
    end as status,
    coalesce(burn_position, joined.settled_position) as settled_position,
    coalesce(burn_at, settled_at) as settled_at,
    coalesce(burn_transaction, settled_transaction) as settled_transaction,
    paid_raw,
    burnt_raw,
    case
        when claiming.vault_id is not null then 'not_claimed'
        else 'no_settlement_event'
    end as reason
from joined
left join claiming using (vault_id)
left join burns using (vault_id, settled_position)
