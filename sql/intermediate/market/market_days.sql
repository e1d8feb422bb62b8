-- One row per vault and UTC day with priced trades, as marts.market_prices shows it.
-- A discount is a day whose average price is over 0.1 % below the price per share: the
-- market's where the pools' own price is so, the fee's where only what was paid is.
-- Where the pools' own price is not known for all trades, the paid one stands for it.
-- grain: vault_id, price_date
-- stored
-- one thread
with

trades as (

    select
        *,
        make_timestamp(epoch_us(traded_at))::date as price_date
    from intermediate.market_trades
    where premium is not null

),

days as (

    select
        vault_id,
        price_date,
        count(*) as trades,
        sum(shares) as shares,
        sum(assets) as assets,
        min(price) as low,
        max(price) as high,
        arg_max(price, log_position) as close,
        arg_max(share_price, log_position) as share_price,
        sum(assets) / sum(shares * share_price) - 1 as premium,
        sum(shares * share_price * coalesce(pool_premium, trades.premium))
            / sum(shares * share_price) as own_premium,
        max(fee) as fee,
        min(premium) as worst_premium,
        max(premium) as best_premium,
        arg_max(premium, log_position) as close_premium
    from trades
    group by vault_id, price_date

),

-- the last day without a discount tells where one began
followed as (

    select
        *,
        assets / shares as vwap,
        own_premium < -0.001 as is_discount,
        max(case when not own_premium < -0.001 then price_date end) over so_far
            as last_good_day,
        max(assets / shares) over so_far as highest_vwap,
        max(share_price) over so_far as highest_value
    from days
    window so_far as (
        partition by vault_id order by price_date rows unbounded preceding
    )

),

begun as (

    select
        *,
        min(case when is_discount then price_date end) over (
            partition by vault_id, last_good_day order by price_date
            rows unbounded preceding
        ) as discount_from
    from followed

)

select
    vault_id,
    price_date,
    trades,
    shares,
    assets,
    vwap,
    low,
    high,
    close,
    share_price,
    premium,
    own_premium as pool_premium,
    worst_premium,
    best_premium,
    close_premium,
    fee,
    case
        when is_discount then 'market'
        when premium < -0.001 then 'fee'
    end as discount,
    case when is_discount then price_date - discount_from + 1 else 0 end
        as discount_days,
    vwap / highest_vwap - 1 as market_drawdown,
    share_price / highest_value - 1 as value_drawdown
from begun
