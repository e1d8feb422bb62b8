-- One row per change of what a holder owns of a vault that settles requests by events.
-- Shares pending in the vault or its silo are on their holder's account: a deposit is
-- its controller's from its settlement on, at its price, and a redemption until its
-- own. What no request in the logs accounts for is on the account 'unattributed' until
-- the request is claimed. Amounts are raw; is_at_price: worth the price of then.
-- grain: vault_id, log_position, holder, kind
with

vaults as (

    select vault_id
    from staging.vaults
    inner join staging.families using (family)
    where flow_source = 'settlements'

),

flows as (

    select *
    from intermediate.flows
    semi join vaults using (vault_id)
    where assets_raw is not null

),

requests as (

    select * from intermediate.request_settlements

),

internal_accounts as (

    select * from intermediate.internal_share_accounts where kind in ('vault', 'silo')

),

legs as (

    select
        *,
        case when is_deposit then assets_raw else 0::bignum - shares_raw end
            as requested_raw
    from flows
    where kind in ('settled_deposit', 'settled_redemption')

),

settled_requests as (

    select
        vault_id,
        settled_position as log_position,
        controller as holder,
        sum(amount_raw) as amount_raw
    from requests
    where settled_position is not null
    group by all

),

attributed as (

    select
        vault_id,
        log_position,
        sum(amount_raw) as amount_raw
    from settled_requests
    group by all

),

parts as (

    select * from settled_requests
    union all
    select
        legs.vault_id,
        legs.log_position,
        'unattributed' as holder,
        legs.requested_raw - coalesce(attributed.amount_raw, 0::bignum) as amount_raw
    from legs
    left join attributed using (vault_id, log_position)
    where legs.requested_raw != coalesce(attributed.amount_raw, 0::bignum)

),

settled as (

    select
        vault_id,
        legs.log_position,
        legs.block_at,
        parts.holder,
        parts.amount_raw::double / nullif(legs.requested_raw::double, 0) as part,
        legs.shares_raw::double * part as raw_shares,
        legs.assets_raw::double * -part as raw_assets
    from legs
    inner join parts using (vault_id, log_position)
    where part is not null

),

at_once as (

    select
        vault_id,
        log_position,
        block_at,
        holder,
        shares_raw::double as raw_shares,
        -assets_raw::double as raw_assets
    from flows
    where holder is not null

),

first_settlements as (

    select
        vault_id,
        controller,
        min(settled_position) as attributed_from
    from requests
    where is_deposit and settled_position is not null
    group by all

),

request_claims as (

    select
        events.vault_id,
        events.transaction_hash,
        events.arguments->>'owner' as receiver,
        (events.arguments->>'shares')::bignum as shares_raw,
        (events.arguments->>'assets')::bignum as assets_raw,
        row_number() over (
            partition by events.vault_id, events.transaction_hash, receiver, shares_raw
            order by events.log_position
        ) as copy,
        true as is_claim,
        case
            when events.log_position > attributed_from
                then events.arguments->>'sender'
        end as claimant
    from intermediate.vault_events as events
    left join first_settlements
        on events.vault_id = first_settlements.vault_id
        and (events.arguments->>'sender') = controller
    where events.flow_source = 'settlements' and events.event = 'Deposit'

),

redeem_requests as (

    select
        vault_id,
        transaction_hash,
        owner as sender,
        amount_raw as shares_raw,
        arg_min(controller, log_position) as controller
    from requests
    where not is_deposit
    group by all

),

transfers as (

    select
        moved.*,
        giving.kind as giving_kind,
        taking.kind as taking_kind,
        -- only what the vault gives can be a request claim
        case when giving.kind = 'vault' then copy end as claim_copy,
        case when taking.kind is not null then sender end as asking_owner
    from intermediate.share_transfers as moved
    left join internal_accounts as giving
        on moved.vault_id = giving.vault_id and moved.sender = giving.account
    left join internal_accounts as taking
        on moved.vault_id = taking.vault_id and moved.receiver = taking.account
    where not moved.is_mint and not moved.is_burn
        and moved.flow_source = 'settlements'

),

told_transfers as (

    select
        transfers.*,
        request_claims.claimant,
        case
            when request_claims.is_claim and claimant is null
                then request_claims.assets_raw
        end as claimed_assets,
        redeem_requests.controller
    from transfers
    left join request_claims
        on transfers.vault_id = request_claims.vault_id
        and transfers.transaction_hash = request_claims.transaction_hash
        and transfers.receiver = request_claims.receiver
        and transfers.shares_raw = request_claims.shares_raw
        and transfers.claim_copy = request_claims.copy
    left join redeem_requests
        on transfers.vault_id = redeem_requests.vault_id
        and transfers.transaction_hash = redeem_requests.transaction_hash
        and transfers.asking_owner = redeem_requests.sender
        and transfers.shares_raw = redeem_requests.shares_raw

),

changes_of_hands as (

    select
        vault_id,
        log_position,
        block_at,
        case
            when giving_kind is null then sender
            else coalesce(claimant, 'unattributed')
        end as giver,
        case
            when taking_kind is null then receiver
            else coalesce(controller, 'unattributed')
        end as taker,
        shares_raw::double as raw_shares,
        claimed_assets::double as claimed_assets
    from told_transfers
    -- what the silo gives back was on its holder's account all the time
    where coalesce(giving_kind, '') != 'silo'
        and not (giving_kind is not null and taking_kind is not null)
        and giver != taker

),

fees as (

    select * from intermediate.undeposited_mints where flow_source = 'settlements'

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
from at_once

union all

select
    vault_id,
    log_position,
    block_at,
    holder,
    'flow',
    null,
    raw_shares,
    raw_assets,
    false
from settled

union all

select
    vault_id,
    log_position,
    block_at,
    giver,
    'move',
    taker,
    -raw_shares,
    claimed_assets,
    claimed_assets is null
from changes_of_hands

union all

select
    vault_id,
    log_position,
    block_at,
    taker,
    'move',
    giver,
    raw_shares,
    -claimed_assets,
    claimed_assets is null
from changes_of_hands

union all

select
    vault_id,
    log_position,
    block_at,
    receiver,
    'mint',
    null,
    shares_raw::double,
    null,
    true
from fees
