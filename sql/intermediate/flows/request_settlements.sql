-- One row per Lagoon request that was not cancelled: where it was settled, if it was.
-- formula: settled by the first settlement whose epochId is at least the requestId
-- amount_raw is of assets for a deposit, of shares for a redemption.
-- grain: vault_id, log_position
-- stored
with

events as (

    select * from intermediate.vault_events where flow_source = 'settlements'

),

requests as (

    select
        *,
        event = 'DepositRequest' as is_deposit,
        arguments->>'controller' as controller,
        arguments->>'owner' as owner,
        try_cast(arguments->>'requestId' as bigint) as request_id,
        (arguments->>if(event = 'DepositRequest', 'assets', 'shares'))::bignum
            as amount_raw
    from events
    where event in ('DepositRequest', 'RedeemRequest')

),

cancellations as (

    select
        vault_id,
        event = 'DepositRequestCanceled' as is_deposit,
        arguments->>'controller' as controller,
        try_cast(arguments->>'requestId' as bigint) as request_id,
        max(log_position) as cancelled_position
    from events
    where event in ('DepositRequestCanceled', 'RedeemRequestCanceled')
    group by all

),

legs as (

    select
        vault_id,
        event = 'SettleDeposit' as is_deposit,
        try_cast(arguments->>'epochId' as bigint) as epoch_id,
        min(log_position) as settled_position
    from events
    where event in ('SettleDeposit', 'SettleRedeem')
    group by all

),

matched as (

    select
        requests.*,
        cancelled_position,
        -- a settlement from before the request cannot have settled it
        case when settled_position > requests.log_position then settled_position end
            as settled_position
    from requests
    left join cancellations using (vault_id, is_deposit, controller, request_id)
    asof left join legs
        on requests.vault_id = legs.vault_id
        and requests.is_deposit = legs.is_deposit
        and requests.request_id <= legs.epoch_id

)

select
    vault_id,
    log_position,
    transaction_hash,
    block_at,
    is_deposit,
    controller,
    owner,
    amount_raw,
    settled_position
from matched
where cancelled_position is null
    or log_position > cancelled_position
    or settled_position < cancelled_position
