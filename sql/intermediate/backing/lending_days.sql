-- One row per market in which a vault has something and UTC day: the state that counts.
-- It is the last of the day or, for as many days as facts count, of one before.
-- formula: utilisation = the one stated, else borrow / supply; 1 - liquidity / supply
--   where that is higher, since it is what comes out
-- formula: lost_part = 1 - (least(borrow, collateral at its price) + supply - borrow)
--   / supply
-- What is owed beyond the collateral's worth will not be paid, whatever an oracle says.
-- Positions are not known, only the market's sums, so that this is the least that is
-- lost. Without the amount of the collateral, its price, or the unit of the sums
-- nothing is estimated. A state without a chain is that of the market on every chain.
-- grain: chain_id, market, fact_date
-- stored
with

limits as (

    select * from intermediate.fact_limits

),

named as (

    select distinct
        vaults.chain_id,
        allocations.market,
        vaults.asset_symbol
    from staging.allocations as allocations
    inner join staging.vaults as vaults using (vault_id)

),

wanted as (

    select
        chain_id,
        market,
        min(asset_symbol) as asset_symbol
    from named
    group by chain_id, market

),

states as (

    select
        wanted.chain_id,
        wanted.market,
        wanted.asset_symbol,
        markets.* exclude (chain_id, market)
    from staging.markets as markets
    inner join wanted
        on markets.market = wanted.market
        and coalesce(markets.chain_id, wanted.chain_id) = wanted.chain_id
    where markets.fact_date <= (select as_of from limits)
    qualify row_number() over (
        partition by wanted.chain_id, wanted.market, markets.fact_date
        order by markets.observed_at desc, markets.row_position desc
    ) = 1

),

spans as (

    select
        states.*,
        least(
            fact_date + fact_days,
            as_of,
            lead(fact_date - 1) over (
                partition by chain_id, market order by fact_date
            )
        ) as last_date
    from states
    cross join limits

),

days as (

    select
        chain_id,
        market,
        unnest(range(fact_date, last_date + 1, interval 1 day))::date as fact_date,
        observed_at,
        unit,
        supply,
        borrow,
        greatest(
            coalesce(utilisation, borrow / nullif(supply, 0)),
            1 - liquidity / nullif(supply, 0)
        ) as utilisation,
        collateral,
        collateral_amount,
        coalesce(loan_token, asset_symbol) as loan_token
    from spans

),

secured as (

    select *
    from days
    where collateral_amount is not null
        and unit in ('asset', 'usd')
        and supply > 0
        and borrow is not null

),

tokens as (

    select
        chain_id,
        market,
        fact_date,
        loan_token,
        collateral as token,
        true as is_collateral
    from secured
    union all
    select
        chain_id,
        market,
        fact_date,
        loan_token,
        loan_token,
        false
    from secured

),

priced as (

    select
        tokens.chain_id,
        tokens.market,
        tokens.fact_date,
        max_by(price, prices.chain_id) filter (
            is_collateral and in_token = 'USD'
        ) as collateral_usd,
        max_by(price, prices.chain_id) filter (
            is_collateral and in_token = loan_token
        ) as collateral_in_loan,
        max(told_date) filter (is_collateral and in_token = 'USD') as usd_date,
        max(told_date) filter (is_collateral and in_token = loan_token) as loan_date,
        max_by(price, prices.chain_id) filter (
            not is_collateral and in_token = 'USD'
        ) as loan_usd
    from tokens
    inner join intermediate.token_days as prices
        on tokens.token = prices.token
        and tokens.fact_date = prices.fact_date
        and prices.chain_id in (0, tokens.chain_id)
    group by all

),

valued as (

    select
        days.*,
        collateral_amount * case unit
            when 'usd' then collateral_usd
            when 'asset' then coalesce(
                -- the later of the two
                if(usd_date > loan_date, collateral_usd / nullif(loan_usd, 0), null),
                collateral_in_loan,
                collateral_usd / nullif(loan_usd, 0)
            )
        end as collateral_value
    from days
    left join priced using (chain_id, market, fact_date)

)

select
    chain_id,
    market,
    fact_date,
    observed_at,
    collateral,
    utilisation,
    case
        when borrow > collateral_value
            then (borrow - collateral_value) / greatest(supply, borrow)
        when collateral_value is not null then 0
    end as lost_part
from valued
