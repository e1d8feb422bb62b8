-- One row per mint to or burn from an account in which shares wait: whose they were.
-- Of ERC-7540 vaults, which tell of a settlement by nothing else. It is the
-- controller's who later claims exactly these shares, at the assets of the claim;
-- unclaimed shares are of the one request that is still open for them: a redemption of
-- as many shares, a deposit whose assets come within 1 % of their worth. Else
-- controller is null.
-- grain: vault_id, log_position
-- stored
with

vaults as (

    select
        vault_id,
        asset_decimals,
        share_decimals
    from staging.vaults
    inner join staging.families using (family)
    where flow_source = 'transfers'

),

escrows as (

    select *
    from intermediate.share_escrows
    semi join vaults using (vault_id)

),

transfers as (

    select
        *,
        case when is_mint then receiver else sender end as account
    from intermediate.share_transfers
    where flow_source = 'transfers' and is_mint != is_burn

),

settlements as (

    select
        transfers.*,
        is_mint as is_deposit,
        row_number() over (
            partition by vault_id, is_mint, shares_raw order by log_position
        ) as place
    from transfers
    semi join escrows using (vault_id, account)

),

claims as (

    select
        vault_id,
        is_deposit,
        log_position as claim_position,
        transaction_hash as claim_transaction,
        controller,
        shares_raw,
        assets_raw,
        row_number() over (
            partition by vault_id, is_deposit, shares_raw order by log_position
        ) as place,
        row_number() over (
            partition by
                vault_id, is_deposit, controller,
                case when is_deposit then assets_raw else shares_raw end
            order by log_position
        ) as turn
    from intermediate.escrow_claims

),

claimed as (

    select
        settlements.*,
        claim_position,
        claim_transaction,
        controller,
        assets_raw
    from settlements
    left join claims
        on settlements.vault_id = claims.vault_id
        and settlements.is_deposit = claims.is_deposit
        and settlements.shares_raw = claims.shares_raw
        and settlements.place = claims.place
        and (
            claim_position > log_position
            or claim_transaction = settlements.transaction_hash
        )

),

requests as (

    select
        vault_id,
        log_position as request_position,
        event = 'DepositRequest' as is_deposit,
        arguments->>'controller' as controller,
        (arguments->>if(event = 'DepositRequest', 'assets', 'shares'))::bignum
            as amount_raw,
        row_number() over (
            partition by vault_id, event, controller, amount_raw order by log_position
        ) as turn
    from intermediate.vault_events
    where flow_source = 'transfers' and event in ('DepositRequest', 'RedeemRequest')

),

whole_claims as (

    select
        vault_id,
        is_deposit,
        controller,
        turn,
        case when is_deposit then assets_raw else shares_raw end as amount_raw
    from claims

),

-- who claims in parts leaves no trace of which request a part is of
partial as (

    select distinct
        vault_id,
        is_deposit,
        controller
    from whole_claims
    anti join requests using (vault_id, is_deposit, controller, amount_raw, turn)

),

open_requests as (

    select
        requests.*,
        amount_raw::double as amount,
        row_number() over (
            partition by vault_id, is_deposit, amount_raw order by request_position
        ) as place
    from requests
    anti join whole_claims using (vault_id, is_deposit, controller, amount_raw, turn)
    anti join partial using (vault_id, is_deposit, controller)

),

unclaimed_burns as (

    select
        vault_id,
        log_position,
        shares_raw as amount_raw,
        row_number() over (
            partition by vault_id, shares_raw order by log_position
        ) as place
    from claimed
    where not is_deposit and claim_position is null

),

burned_requests as (

    select
        unclaimed_burns.vault_id,
        unclaimed_burns.log_position,
        open_requests.controller as open_controller,
        null::bignum as open_assets
    from unclaimed_burns
    inner join open_requests using (vault_id, amount_raw, place)
    where not open_requests.is_deposit and request_position < log_position

),

unclaimed_mints as (

    select
        claimed.vault_id,
        claimed.log_position,
        claimed.shares_raw::double / 10::double ^ share_decimals
            * share_price * 10::double ^ asset_decimals as worth
    from claimed
    inner join vaults using (vault_id)
    asof left join intermediate.flow_prices as prices
        on claimed.vault_id = prices.vault_id and claimed.block_at >= prices.observed_at
    where is_deposit and claim_position is null

),

open_deposits as (

    select * from open_requests where is_deposit

),

candidates as (

    select
        unclaimed_mints.*,
        open_deposits.controller,
        open_deposits.amount,
        open_deposits.amount_raw,
        open_deposits.request_position
    from unclaimed_mints
    asof inner join open_deposits
        on unclaimed_mints.vault_id = open_deposits.vault_id and worth >= amount

    union all

    select
        unclaimed_mints.*,
        open_deposits.controller,
        open_deposits.amount,
        open_deposits.amount_raw,
        open_deposits.request_position
    from unclaimed_mints
    asof inner join open_deposits
        on unclaimed_mints.vault_id = open_deposits.vault_id and worth < amount

),

nearest as (

    select *
    from candidates
    where abs(worth / amount - 1) <= 0.01 and request_position < log_position
    qualify row_number() over (
        partition by vault_id, log_position order by abs(worth / amount - 1)
    ) = 1

),

minted_requests as (

    select
        vault_id,
        log_position,
        controller as open_controller,
        amount_raw as open_assets
    from nearest
    qualify count(*) over (partition by vault_id, request_position) = 1

),

still_open as (

    select * from burned_requests
    union all
    select * from minted_requests

)

select
    claimed.vault_id,
    claimed.log_position,
    claimed.block_at,
    claimed.transaction_hash,
    claimed.is_deposit,
    claimed.shares_raw,
    claim_position,
    coalesce(claim_transaction = claimed.transaction_hash, false) as is_claimed_at_once,
    coalesce(controller, open_controller) as controller,
    coalesce(assets_raw, open_assets) as assets_raw
from claimed
left join still_open using (vault_id, log_position)
