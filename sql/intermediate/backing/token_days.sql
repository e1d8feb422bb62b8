-- One row per token, what its price is in, and UTC day: the price that counts.
-- It is the last of the day or, for as many days as facts count, of one before.
-- in_token is USD for US dollars, into which prices in a token of known price are
-- turned too, where no price in dollars is known. chain_id 0: a price without a chain.
-- told_date: the day of which the price is
-- grain: chain_id, token, in_token, fact_date
-- stored
with

limits as (

    select * from intermediate.fact_limits

),

lasts as (

    select
        coalesce(chain_id, 0) as chain_id,
        token,
        coalesce(quote_token, 'USD') as in_token,
        fact_date,
        arg_max(price, (observed_at, row_position)) as price
    from staging.token_prices
    where fact_date <= (select as_of from limits)
    group by all

),

spans as (

    select
        lasts.*,
        least(
            fact_date + fact_days,
            as_of,
            lead(fact_date - 1) over (
                partition by chain_id, token, in_token order by fact_date
            )
        ) as last_date
    from lasts
    cross join limits

),

days as (

    select
        chain_id,
        token,
        in_token,
        fact_date as told_date,
        unnest(range(fact_date, last_date + 1, interval 1 day))::date as fact_date,
        price
    from spans

),

turned as (

    select
        days.chain_id,
        days.token,
        days.fact_date,
        any_value(days.told_date) as told_date,
        max_by(days.price * quotes.price, quotes.chain_id) as price
    from days
    inner join days as quotes
        on days.in_token = quotes.token
        and days.fact_date = quotes.fact_date
        and quotes.chain_id in (0, days.chain_id)
    where quotes.in_token = 'USD'
    group by all

)

select
    chain_id,
    token,
    in_token,
    fact_date,
    told_date,
    price
from days

union all

select
    turned.chain_id,
    turned.token,
    'USD',
    turned.fact_date,
    turned.told_date,
    turned.price
from turned
left join days
    on turned.chain_id = days.chain_id
    and turned.token = days.token
    and turned.fact_date = days.fact_date
    and days.in_token = 'USD'
where days.token is null
