-- One row per request to withdraw from a queue of a Veda vault: what became of it.
-- A request of the queue has an id, and its assets are set when it is made; of delayed
-- withdrawals the next completion of the same account and asset pays all it asked for.
-- paid_raw is of the vault's own asset; what is paid in another has no price here.
-- exit_fee: the discount below the rate at which it was asked for, or the part of the
--   shares that was kept; both are whole basis points
-- grain: vault_id, log_position
-- stored
with

queues as (

    select
        vault_id,
        account as address
    from intermediate.veda_queues

),

base_assets as (

    select * from intermediate.vault_assets

),

events as (

    select *
    from staging.contract_events
    semi join queues using (vault_id, address)

),

requests as (

    select
        events.*,
        coalesce(arguments->>'user', arguments->>'account') as controller,
        coalesce(arguments->>'assetOut', arguments->>'asset') as asset_out,
        arguments->>'requestId' as request_id,
        coalesce(request_id, controller || asset_out) as request_key,
        coalesce(arguments->>'amountOfShares', arguments->>'shares')::bignum
            as shares_raw,
        (arguments->>'amountOfAssets')::bignum as assets_raw
    from events
    where event in ('OnChainWithdrawRequested', 'WithdrawRequested')

),

outcomes as (

    select
        vault_id,
        address,
        log_position as settled_position,
        block_at as settled_at,
        transaction_hash as settled_transaction,
        event in ('OnChainWithdrawCancelled', 'WithdrawCancelled') as is_cancelled,
        coalesce(
            arguments->>'requestId',
            (arguments->>'account') || (arguments->>'asset')
        ) as request_key,
        (arguments->>'assets')::bignum as completed_raw,
        (arguments->>'shares')::bignum as completed_shares_raw
    from events
    where event in (
        'OnChainWithdrawCancelled', 'OnChainWithdrawSolved', 'WithdrawCancelled',
        'WithdrawCompleted'
    )

),

vaults as (

    select * from staging.vaults

),

rates as (

    select
        vault_id,
        log_position,
        share_price
    from intermediate.veda_rates

),

joined as (

    select
        requests.*,
        outcomes.* exclude (vault_id, address, request_key),
        asset,
        case
            when assets_raw is null
                then completed_shares_raw::double / (
                    sum(shares_raw) over (
                        partition by requests.vault_id, settled_position
                    )
                )::double
            when asset_out = asset
                then assets_raw::double / 10::double ^ asset_decimals / nullif(
                    shares_raw::double / 10::double ^ share_decimals * share_price, 0
                )
        end as kept_part
    from requests
    inner join vaults using (vault_id)
    asof left join rates
        on requests.vault_id = rates.vault_id
        and requests.log_position >= rates.log_position
    asof left join outcomes
        on requests.vault_id = outcomes.vault_id
        and requests.address = outcomes.address
        and requests.request_key = outcomes.request_key
        and requests.log_position <= outcomes.settled_position
    left join base_assets on requests.vault_id = base_assets.vault_id

)

select
    vault_id,
    log_position,
    block_number,
    block_at,
    transaction_hash,
    controller,
    request_id,
    shares_raw,
    case
        when is_cancelled then 'cancelled'
        when settled_position is not null then 'settled'
        else 'waiting'
    end as status,
    settled_position,
    settled_at,
    settled_transaction,
    case when asset_out = asset then coalesce(completed_raw, assets_raw) end
        as paid_raw,
    coalesce(completed_shares_raw, shares_raw) as burnt_raw,
    case
        when is_cancelled then 'cancelled'
        when settled_position is null then 'in_queue'
        when asset is null then 'flows_not_priced'
        else 'other_coin'
    end as reason,
    case
        when settled_position is not null and not is_cancelled
            and kept_part is not null
            then greatest(0, 1 - round(kept_part, 4))
    end as exit_fee
from joined
