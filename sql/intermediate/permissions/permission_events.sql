-- One row per event by which somebody's powers over a vault, or a term of it, changed.
-- Events of the vault, of its Safe and accounts, and of the contracts that govern them;
-- of markets only those that give away powers over the vault's positions.
-- grain: vault_id, log_position
with

vaults as (

    select * from staging.vaults

),

run as (

    select * from staging.run

),

kinds as (

    select * from intermediate.permission_kinds

),

own_events as (

    select
        vault_id,
        log_position,
        block_number,
        block_at,
        transaction_hash,
        address,
        'vault' as role,
        '' as name,
        event,
        arguments
    from staging.events
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
        arguments
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

named as (

    select
        events.*,
        kind,
        state,
        unit,
        allows,
        before_word,
        after_word,
        arguments->>subject_key as subject,
        arguments->>object_key as object,
        arguments->>before_key as before_raw,
        arguments->>after_key as after_raw,
        arguments->>by_key as changed_by
    from events
    inner join kinds
        on events.event = kinds.event
        and (kinds.present is null or (arguments->>kinds.present) is not null)

),

-- powers over positions concern the vault only where they are its own positions;
-- a registry tells of every vault's fees
ours as (

    select named.*
    from named
    inner join vaults using (vault_id)
    where case
        when event in (
            'SetAuthorization', 'OperatorStatus', 'ControllerStatus',
            'BorrowAllowanceDelegated'
        )
            then exists (
                select 1
                from intermediate.asset_accounts as accounts
                where accounts.vault_id = named.vault_id
                    and accounts.account_key = named.object[:40]
            )
        when event = 'CustomRateUpdated' then subject = vaults.address
        else true
    end

)

select
    vault_id,
    log_position,
    block_number,
    block_at,
    transaction_hash,
    address,
    role,
    name,
    event,
    kind,
    unit,
    allows,
    subject,
    object,
    changed_by,
    coalesce(
        before_raw,
        before_word,
        lag(after_raw) over (
            partition by vault_id, address, state, subject,
                case when kind in ('role', 'owner') then object end
            order by log_position
        )
    ) as before_raw,
    coalesce(after_raw, after_word) as after_raw,
    case when event = 'RatesUpdated' then try_cast(arguments->>'timestamp' as bigint)
    end as effective_epoch
from ours
