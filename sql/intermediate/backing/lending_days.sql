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
-- columns:
--   utilisation_key: of several markets that of the highest utilisation, to a
--     millionth, has the highest; it ends in nine digits of market_number
--   valued_part: part of it of which the worth is known: all of it where the collateral
--     is priced, else what is not lent out
-- grain: market_number, fact_date
-- stored
with

limits as (

    select * from intermediate.fact_limits

),

-- one pass tells the last state of each day, and how long it counts
states as (

    select
        wanted.market_number,
        wanted.asset_symbol,
        markets.* exclude (market),
        lead(markets.fact_date) over (
            partition by wanted.market_number
            order by markets.fact_date, markets.observed_at, markets.row_position
        ) as next_date
    from staging.markets as markets
    inner join intermediate.lending_markets as wanted
        on markets.market = wanted.market
        and coalesce(markets.chain_id, wanted.chain_id) = wanted.chain_id
    where markets.fact_date <= (select as_of from limits)

),

lasts as (

    select
        states.*,
        least(fact_date + fact_days, as_of, next_date - 1) as last_date
    from states
    cross join limits
    where coalesce(next_date > fact_date, true)

),

spans as (

    select
        *,
        fact_date as day
    from lasts
    union all
    select
        *,
        unnest(range(fact_date + 1, last_date + 1, interval 1 day))::date as day
    from lasts
    where last_date > fact_date

),

days as (

    select
        market_number,
        day as fact_date,
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
        market_number,
        fact_date,
        loan_token,
        collateral as token,
        true as is_collateral
    from secured
    union all
    select
        market_number,
        fact_date,
        loan_token,
        loan_token,
        false
    from secured

),

priced as (

    select
        tokens.market_number,
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
    inner join intermediate.lending_markets using (market_number)
    inner join intermediate.token_days as prices
        on tokens.token = prices.token
        and tokens.fact_date = prices.fact_date
        and prices.chain_id in (0, lending_markets.chain_id)
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
    left join priced using (market_number, fact_date)

)

select
    market_number,
    fact_date,
    observed_at,
    utilisation,
    case
        when utilisation is not null
            then (least(greatest(utilisation, 0), 1000) * 1e6)::bigint * 1_000_000_000
                + market_number
    end as utilisation_key,
    case
        when borrow > collateral_value
            then (borrow - collateral_value) / greatest(supply, borrow)
        when collateral_value is not null then 0
    end as lost_part,
    if(lost_part is not null, 1, greatest(1 - utilisation, 0)) as valued_part
from valued
