-- One row per event by which an account of a vault owes more or less to a market.
-- amount_raw is what it owes more (positive) or less, in raw units of what it borrowed;
-- null where the event shows only that it owed. Who owes is in another place of each
-- market's events. Euler logs a PullDebt as a Repay and a Borrow besides. Compound V3
-- has no Borrow: what a Withdraw takes beyond the balance that it burns is debt, and 2
-- raw units are rounding.
-- grain: vault_id, log_position
-- stored
with

accounts as (

    select * from intermediate.asset_accounts

),

-- a market may be there both to invest in and to borrow from
events as (

    select distinct on (vault_id, log_position)
        contract_events.*,
        market,
        has_sub_accounts
    from staging.contract_events
    inner join staging.families using (family)
    where role in ('lending', 'venue')
    order by vault_id, log_position, role

),

named as (

    select
        *,
        case
            when family in ('aave_v3', 'aave_v2')
                then case event
                    when 'Borrow' then arguments->>'onBehalfOf'
                    when 'Repay' then arguments->>'user'
                    when 'LiquidationCall' then arguments->>'user'
                end
            when family = 'morpho_blue'
                then case event
                    when 'Borrow' then arguments->>'onBehalf'
                    when 'Repay' then arguments->>'onBehalf'
                    when 'Liquidate' then arguments->>'borrower'
                end
            when market = 'Euler'
                then case event
                    when 'Borrow' then arguments->>'account'
                    when 'Repay' then arguments->>'account'
                    when 'Liquidate' then arguments->>'violator'
                end
            when family = 'compound_v2'
                then case
                    when event in ('Borrow', 'RepayBorrow') then arguments->>'borrower'
                end
            when family = 'compound_v3'
                then case event
                    when 'Withdraw' then arguments->>'src'
                    when 'AbsorbDebt' then arguments->>'borrower'
                end
            when family = 'fluid_vault' and event = 'LogOperate'
                then arguments->>'user_'
            when family = 'fluid_liquidity' and event = 'LogOperate'
                then arguments->>'user'
        end as debtor
    from events

),

burns as (

    select
        vault_id,
        address,
        log_position,
        arguments->>'from' as debtor,
        (arguments->>'value')::bignum as burnt_raw
    from events
    where family = 'compound_v3' and event = 'Transfer'
        and (arguments->>'to') = '0x0000000000000000000000000000000000000000'

),

ours as (

    select
        named.*,
        accounts.account
    from named
    inner join accounts
        on named.vault_id = accounts.vault_id
        and named.debtor[:40] = accounts.account_key
        and (named.debtor = accounts.account or named.has_sub_accounts)

),

measured as (

    select
        ours.*,
        case
            when ours.event in ('LiquidationCall', 'Liquidate', 'AbsorbDebt') then null
            when ours.family in ('aave_v3', 'aave_v2')
                then (arguments->>'amount')::bignum
            when ours.family = 'morpho_blue' or ours.market = 'Euler'
                then (arguments->>'assets')::bignum
            when ours.family = 'compound_v2'
                then (arguments->>if(event = 'Borrow', 'borrowAmount', 'repayAmount'))
                    ::bignum
            when ours.family = 'compound_v3'
                then (arguments->>'amount')::bignum
                    - coalesce(burns.burnt_raw, 0::bignum)
            when ours.family = 'fluid_vault' then (arguments->>'debtAmt_')::bignum
            when ours.family = 'fluid_liquidity'
                then (arguments->>'borrowAmount')::bignum
        end as size_raw,
        event in ('Repay', 'RepayBorrow') as is_repaid
    from ours
    -- the burn is logged right after the withdrawal
    left join burns
        on ours.vault_id = burns.vault_id
        and ours.address = burns.address
        and ours.debtor = burns.debtor
        and ours.log_position + 1 = burns.log_position

)

select
    vault_id,
    log_position,
    block_number,
    block_at,
    transaction_hash,
    family,
    address,
    name,
    account,
    event,
    case when family in ('aave_v3', 'aave_v2') then arguments->>'reserve' end as token,
    is_repaid,
    case when is_repaid then 0::bignum - size_raw else size_raw end as amount_raw
from measured
where size_raw is null
    or case family
        when 'compound_v3' then size_raw > 2::bignum
        else size_raw != 0::bignum
    end
