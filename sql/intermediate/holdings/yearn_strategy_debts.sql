-- One row per event by which a Yearn vault's books of a strategy's debt change.
-- Amounts are exact, in raw units of the asset: what the strategy owes after the event,
-- what moved to it, and what it gained.
-- A migrated strategy's debt is the new one's from then on.
-- grain: vault_id, log_position, strategy
with recursive

vaults as (

    select vault_id
    from staging.vaults
    inner join staging.families using (family)
    where allocation_source = 'strategy_debt'

),

-- a report of a vault on itself is about what lies in it, and no strategy's
events as (

    select *
    from staging.events
    semi join vaults using (vault_id)
    where (arguments->>'strategy') is distinct from address
        and event in (
            'DebtUpdated', 'StrategyReported', 'WithdrawFromStrategy',
            'StrategyMigrated'
        )
        and block_at < (select until_at from staging.run)

),

stated as (

    select
        vault_id,
        log_position,
        block_at,
        arguments->>'strategy' as strategy,
        case event
            when 'DebtUpdated' then (arguments->>'new_debt')::bignum
            else coalesce(arguments->>'current_debt', arguments->>'totalDebt')::bignum
        end as value_raw,
        case event
            when 'DebtUpdated'
                then (arguments->>'new_debt')::bignum
                    - (arguments->>'current_debt')::bignum
            when 'StrategyReported'
                then coalesce(arguments->>'debtAdded', '0')::bignum
                    - coalesce(arguments->>'debtPaid', '0')::bignum
        end as moved_raw,
        case event
            when 'StrategyReported'
                then (arguments->>'gain')::bignum - (arguments->>'loss')::bignum
            when 'WithdrawFromStrategy' then 0::bignum - (arguments->>'loss')::bignum
            else 0::bignum
        end as gain_raw
    from events
    where event != 'StrategyMigrated'

),

migrations as (

    select
        vault_id,
        log_position,
        block_at,
        arguments->>'oldVersion' as strategy,
        arguments->>'newVersion' as successor
    from events
    where event = 'StrategyMigrated'

),

-- what was last stated of the old one, which may itself have been handed its debt
handed as (

    select
        migrations.vault_id,
        migrations.log_position,
        migrations.block_at,
        migrations.successor,
        stated.value_raw
    from migrations
    asof inner join stated
        on migrations.vault_id = stated.vault_id
        and migrations.strategy = stated.strategy
        and migrations.log_position >= stated.log_position

    union all

    select
        migrations.vault_id,
        migrations.log_position,
        migrations.block_at,
        migrations.successor,
        handed.value_raw
    from handed
    inner join migrations
        on handed.vault_id = migrations.vault_id
        and handed.successor = migrations.strategy
        and handed.log_position < migrations.log_position
    anti join stated
        on migrations.vault_id = stated.vault_id
        and migrations.strategy = stated.strategy
        and migrations.log_position >= stated.log_position

)

select
    vault_id,
    log_position,
    block_at,
    strategy,
    value_raw,
    moved_raw,
    gain_raw
from stated

union all

select
    vault_id,
    log_position,
    block_at,
    strategy,
    0::bignum,
    null,
    0::bignum
from migrations

union all

select
    vault_id,
    log_position,
    block_at,
    successor,
    value_raw,
    null,
    0::bignum
from handed
