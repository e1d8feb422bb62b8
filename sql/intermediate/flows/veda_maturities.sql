-- One row per log that tells how long a request to a Veda vault's queue must wait.
-- Of requests for the vault's own asset: the queue's terms, and what a request states.
-- grain: vault_id, log_position
with

queues as (

    select
        vault_id,
        account as address
    from intermediate.veda_queues

),

assets as (

    select * from intermediate.vault_assets

),

events as (

    select *
    from staging.contract_events
    semi join queues using (vault_id, address)
    where event in (
        'WithdrawAssetSetup', 'WithdrawAssetUpdated', 'OnChainWithdrawRequested',
        'SetupWithdrawalsInAsset', 'WithdrawDelayUpdated'
    )

)

select
    events.vault_id,
    log_position,
    coalesce(
        arguments->>'secondsToMaturity',
        arguments->>'withdrawDelay',
        arguments->>'newWithdrawDelay'
    )::double as cooldown_seconds
from events
inner join assets
    on events.vault_id = assets.vault_id
    and coalesce(arguments->>'assetOut', arguments->>'asset') = asset
