-- One row per event by which a Yearn vault's books of a strategy's debt change.
-- Amounts are exact, in raw units of the asset: what the strategy owes after the event,
-- what moved to it, and what it gained.
-- grain: vault_id, log_position
with

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

)

select
    vault_id,
    log_position,
    block_at,
    coalesce(arguments->>'strategy', arguments->>'oldVersion') as strategy,
    case event
        when 'DebtUpdated' then (arguments->>'new_debt')::bignum
        when 'StrategyMigrated' then 0::bignum
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
