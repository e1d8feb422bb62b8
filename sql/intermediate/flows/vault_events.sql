-- One row per event by the as-of date that concerns flows, fees or upgrades.
-- Transfers of shares are in share_transfers; logs without a time are in neither.
-- grain: vault_id, log_position
-- stored
with

vaults as (

    select
        vault_id,
        flow_source
    from staging.vaults
    inner join staging.families using (family)

),

run as (

    select * from staging.run

),

events as (

    select *
    from staging.events
    where event in (
        'Deposit', 'Withdraw', 'DepositSync', 'WithdrawSync', 'PreMint',
        'SettleDeposit', 'SettleRedeem', 'DepositRequest', 'RedeemRequest',
        'DepositRequestCanceled', 'RedeemRequestCanceled', 'TotalAssetsUpdated',
        'HighWaterMarkUpdated', 'RatesUpdated', 'FeeReceiverUpdated', 'FeeTaken',
        'AccrueInterest', 'Reported', 'Accrued', 'StrategyReported', 'FeeReport',
        'ConvertFees', 'HaircutTaken', 'LockedAmountRedistributed', 'SetFeeRecipient',
        'SetPerformanceFeeRecipient', 'SetManagementFeeRecipient', 'GovSetFeeReceiver',
        'UpdatePerformanceFeeRecipient', 'UpdateAccountant', 'UpdateRewards',
        'Enter', 'Exit', 'Upgraded', 'BeaconUpgraded', 'Initialized',
        'TotalAssetsExpirationUpdated', 'AsyncOnlyActivated'
    )

)

select
    events.vault_id,
    vaults.flow_source,
    events.log_position,
    events.block_number,
    events.transaction_hash,
    events.block_at,
    events.address,
    events.event,
    events.arguments
from events
inner join vaults using (vault_id)
where events.block_at < (select until_at from run)
