-- One row per account that the vault's own contract or the config names for its fees.
-- The contract names it by an event, by the event's old value, or when it is asked.
-- grain: vault_id, account
-- stored
with

events as (

    select
        vault_id,
        unnest([
            arguments->>'oldReceiver',
            arguments->>'newReceiver',
            arguments->>'newFeeRecipient',
            arguments->>'newPerformanceFeeRecipient',
            arguments->>'newManagementFeeRecipient',
            arguments->>'newFeeReceiver',
            arguments->>'new_accountant',
            arguments->>'accountant',
            arguments->>'rewards'
        ]) as account
    from intermediate.vault_events
    where event in (
        'FeeReceiverUpdated', 'SetFeeRecipient', 'SetPerformanceFeeRecipient',
        'SetManagementFeeRecipient', 'GovSetFeeReceiver',
        'UpdatePerformanceFeeRecipient', 'UpdateAccountant', 'UpdateRewards'
    )

),

states as (

    select
        vaults.vault_id,
        case
            when states.field = 'getRolesStorage' then states.text::json->>1
            else states.text
        end as account
    from staging.states as states
    inner join staging.vaults as vaults using (chain_id, address)
    where states.status = 'ok'
        and states.field in (
            'feeRecipient', 'performanceFeeRecipient', 'managementFeeRecipient',
            'feeReceiver', 'accountant', 'rewards', 'getRolesStorage'
        )

),

contracts as (

    select
        vault_id,
        address as account
    from staging.contracts
    where role = 'fee_receiver'

),

named as (

    select * from events
    union all
    select * from states
    union all
    select * from contracts

)

select distinct
    vault_id,
    account
from named
where account is not null and account != '0x0000000000000000000000000000000000000000'
