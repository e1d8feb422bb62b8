-- One row per event that may change somebody's powers over a vault, or a term of it.
-- Events of the vault, of its Safe and accounts, and of the contracts that govern them;
-- of markets only those that give away powers over the vault's positions, of contracts
-- that serve many vaults only those that name this one.
-- grain: vault_id, log_position
-- stored
with

vaults as (

    select * from staging.vaults

),

run as (

    select * from staging.run

),

kinds as (

    select event from intermediate.permission_kinds
    union
    select event from intermediate.permission_effects

),

-- what a contract calls itself, where an event means another thing in another version
versions as (

    select
        chain_id,
        address,
        any_value(text) as api_version
    from staging.states
    where field = 'apiVersion' and status = 'ok'
    group by chain_id, address

),

own_events as (

    select
        vault_id,
        log_position,
        block_number,
        block_at,
        transaction_hash,
        events.address,
        'vault' as role,
        '' as name,
        event,
        arguments,
        api_version
    from staging.events as events
    inner join vaults using (vault_id)
    left join versions
        on vaults.chain_id = versions.chain_id
        and vaults.address = versions.address
    semi join kinds using (event)
    where block_at < (select until_at from run)

),

others as (

    select distinct on (vault_id, log_position)
        vault_id,
        log_position,
        block_number,
        block_at,
        transaction_hash,
        address,
        role,
        name,
        event,
        arguments,
        null::varchar as api_version
    from staging.contract_events
    semi join kinds using (event)
    where role in (
        'safe', 'account', 'roles', 'proxy_admin', 'beacon', 'accountant', 'governor'
    )
        or (event = 'SetAuthorization' and family = 'morpho_blue')
        or (event in ('OperatorStatus', 'ControllerStatus') and family = 'evc')
        or (event = 'BorrowAllowanceDelegated' and family = 'aave_token')
    order by vault_id, log_position, role

),

events as (

    select * from own_events
    union all
    select * from others

),

-- powers over positions concern the vault only where they are its own positions
positions as (

    select
        vault_id,
        log_position
    from events
    semi join intermediate.asset_accounts as accounts
        on events.vault_id = accounts.vault_id
        and accounts.account_key = coalesce(
            arguments->>'authorizer',
            arguments->>'addressPrefix',
            arguments->>'account',
            arguments->>'fromUser'
        )[:40]
    where event in (
        'SetAuthorization', 'OperatorStatus', 'ControllerStatus',
        'BorrowAllowanceDelegated'
    )

)

select
    events.vault_id,
    events.log_position,
    block_number,
    block_at,
    transaction_hash,
    events.address,
    role,
    events.name,
    event,
    arguments,
    api_version,
    arguments->>'data' as data,
    coalesce(
        arguments->>'selector', arguments->>'functionSig', (arguments->>'data')[:10]
    ) as selector
from events
inner join vaults using (vault_id)
left join positions using (vault_id, log_position)
where case
    when event in (
        'SetAuthorization', 'OperatorStatus', 'ControllerStatus',
        'BorrowAllowanceDelegated'
    )
        then positions.vault_id is not null
    -- a registry or an allocator serves many vaults
    else coalesce(arguments->>'vault', vaults.address) = vaults.address
end
