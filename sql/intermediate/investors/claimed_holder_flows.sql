-- One row per change of what a holder owns in an account in which shares wait.
-- Of ERC-7540 vaults. What was asked to be redeemed is its controller's until it is
-- claimed, or burned where the burn's claim is known; what was minted there is its
-- controller's from then on, at what the claim states. What nobody is known to own is
-- on the account 'unattributed' until it is claimed, and is paid for then. Amounts are
-- raw; is_at_price: worth the price of then.
-- grain: vault_id, log_position, holder, kind
with

escrows as (

    select * from intermediate.share_escrows

),

settlements as (

    select * from intermediate.escrow_settlements

),

claims as (

    select
        escrow_claims.*,
        settlements.log_position is not null as is_attributed,
        coalesce(settlements.is_claimed_at_once, false) as is_claimed_at_once
    from intermediate.escrow_claims
    left join settlements
        on escrow_claims.vault_id = settlements.vault_id
        and escrow_claims.log_position = settlements.claim_position

),

requests as (

    select
        vault_id,
        transaction_hash,
        arguments->>'owner' as sender,
        arguments->>'controller' as controller,
        (arguments->>'shares')::bignum as shares_raw,
        row_number() over (
            partition by vault_id, transaction_hash, sender, shares_raw
            order by log_position
        ) as copy
    from intermediate.vault_events
    where flow_source = 'transfers' and event = 'RedeemRequest'

),

askers as (

    select
        vault_id,
        sender as receiver
    from requests
    union
    select
        vault_id,
        controller
    from requests

),

moves as (

    select
        moved.*,
        giving.account is not null as is_given,
        taking.account is not null as is_taken
    from intermediate.share_transfers as moved
    left join escrows as giving
        on moved.vault_id = giving.vault_id and moved.sender = giving.account
    left join escrows as taking
        on moved.vault_id = taking.vault_id and moved.receiver = taking.account
    where flow_source = 'transfers' and not is_mint and not is_burn
        and (giving.account is null) != (taking.account is null)

),

-- what is given up for another is that controller's from then on
given_up as (

    select
        moves.vault_id,
        moves.log_position,
        moves.block_at,
        moves.sender as giver,
        coalesce(controller, 'unattributed') as taker,
        moves.shares_raw
    from moves
    left join requests using (vault_id, transaction_hash, sender, shares_raw, copy)
    where is_taken

),

handed as (

    select
        vault_id,
        given_position as log_position
    from claims
    where given_position is not null

),

-- who asked for a redemption gets back what was its own all the time
given_back as (

    select
        vault_id,
        log_position,
        block_at,
        'unattributed' as giver,
        receiver as taker,
        shares_raw
    from moves
    anti join handed using (vault_id, log_position)
    anti join askers using (vault_id, receiver)
    where is_given

),

claimed_for_another as (

    select
        vault_id,
        log_position,
        block_at,
        controller as giver,
        receiver as taker,
        shares_raw,
        assets_raw
    from claims
    where is_deposit and is_attributed

),

changes_of_hands as (

    select
        *,
        null::bignum as assets_raw
    from given_up

    union all

    select
        *,
        null
    from given_back

    union all

    select * from claimed_for_another

),

different as (

    select * from changes_of_hands where giver != taker

),

-- what is nobody's and never claimed was paid for all the same
nobodys as (

    select
        vault_id,
        sum(
            case when is_deposit then shares_raw else 0::bignum - shares_raw end
        ) as shares_raw
    from settlements
    where controller is null
    group by vault_id

),

claimed_of_nobody as (

    select
        vault_id,
        sum(shares_raw) as claimed_raw
    from claims
    where is_deposit and not is_attributed
    group by vault_id

),

unclaimed as (

    select vault_id
    from nobodys
    left join claimed_of_nobody using (vault_id)
    where shares_raw != coalesce(claimed_raw, 0::bignum)

),

flows as (

    select
        settlements.vault_id,
        log_position,
        block_at,
        coalesce(controller, 'unattributed') as holder,
        shares_raw::double as raw_shares,
        case
            when controller is not null then -assets_raw::double
            when unclaimed.vault_id is null then 0
        end as raw_assets
    from settlements
    left join unclaimed using (vault_id)
    where is_deposit

    union all

    select
        vault_id,
        log_position,
        block_at,
        coalesce(controller, 'unattributed'),
        -shares_raw::double,
        case when controller is null then 0 else assets_raw::double end
    from settlements
    where not is_deposit and not is_claimed_at_once

    union all

    select
        vault_id,
        log_position,
        block_at,
        'unattributed',
        -shares_raw::double,
        0
    from claims
    where is_deposit and not is_attributed

    union all

    select
        vault_id,
        log_position,
        block_at,
        receiver,
        shares_raw::double,
        -assets_raw::double
    from claims
    where is_deposit and not is_attributed

    union all

    select
        vault_id,
        log_position,
        block_at,
        controller,
        -shares_raw::double,
        assets_raw::double
    from claims
    where not is_deposit and (is_claimed_at_once or not is_attributed)

)

select
    vault_id,
    log_position,
    block_at,
    holder,
    'flow' as kind,
    null::varchar as counterparty,
    raw_shares,
    raw_assets,
    false as is_at_price
from flows

union all

select
    vault_id,
    log_position,
    block_at,
    giver,
    'move',
    taker,
    -shares_raw::double,
    assets_raw::double,
    assets_raw is null
from different

union all

select
    vault_id,
    log_position,
    block_at,
    taker,
    'move',
    giver,
    shares_raw::double,
    -assets_raw::double,
    assets_raw is null
from different
