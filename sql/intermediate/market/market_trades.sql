-- One row per trade of a vault's shares in a pool, as marts.market_trades shows it.
-- A price is of trades against the asset alone. Dust is under a thousandth of a unit of
-- the asset, or so few raw units of a coin (100,000) that rounding one of them moves
-- the price by a hundredth of what counts as a discount. The price includes the pool's
-- fee and what the trade moved. The pool's own price, which the fee is not in, is that
-- after the trade, else the paid one with the fee taken out, else unknown.
-- grain: vault_id, pool, pool_id, log_position
-- stored
with

vaults as (

    select
        vault_id,
        asset_decimals,
        share_decimals
    from staging.vaults

),

coins as (

    select
        vault_id,
        address,
        pool_id,
        share_coin,
        asset_coin,
        asset,
        fee as pool_fee
    from intermediate.pool_coins

),

sided as (

    select
        swaps.*,
        coins.asset_coin,
        coins.share_coin,
        coins.asset,
        coalesce(swaps.fee, coins.pool_fee) as trade_fee,
        asset_decimals,
        share_decimals,
        case
            when share_coin is null then 'unknown'
            when sold_coin = share_coin then 'sell'
            when bought_coin = share_coin then 'buy'
            else 'other'
        end as side,
        if(side = 'sell', sold_raw, bought_raw) as one_raw,
        if(side = 'sell', bought_raw, sold_raw) as other_raw,
        if(side = 'sell', bought_coin, sold_coin) as other_coin
    from intermediate.swaps as swaps
    inner join vaults using (vault_id)
    inner join coins using (vault_id, address, pool_id)

),

scaled as (

    select
        *,
        case when side in ('sell', 'buy') then one_raw end as shares_raw,
        case when side in ('sell', 'buy') then other_raw end as assets_raw,
        shares_raw::double / 10::double ^ share_decimals as shares,
        coalesce(other_coin = asset_coin, false) as is_asset,
        case when is_asset then assets_raw::double / 10::double ^ asset_decimals end
            as assets,
        least(one_raw::double, other_raw::double) < 1e5
            or coalesce(assets < 0.001, false) as is_dust
    from sided

),

priced as (

    select
        *,
        case when not is_dust then assets / shares end as price,
        case
            when not is_asset or side not in ('sell', 'buy') then null
            when share_coin = 0
                then ratio_after * 10::double ^ (share_decimals - asset_decimals)
            else 10::double ^ (share_decimals - asset_decimals) / ratio_after
        end as price_after,
        coalesce(
            price_after,
            case side
                when 'sell' then price / (1 - trade_fee)
                when 'buy' then price * (1 - trade_fee)
            end
        ) as pool_price
    from scaled

),

valued as (

    select
        priced.*,
        value_prices.share_price,
        value_prices.observed_at as share_price_at
    from priced
    asof left join intermediate.value_prices as value_prices
        on priced.vault_id = value_prices.vault_id
        and priced.block_at >= value_prices.observed_at

)

select
    vault_id,
    address as pool,
    pool_id,
    name as pool_name,
    log_position,
    block_at as traded_at,
    block_number,
    transaction_hash,
    side,
    shares_raw::varchar as shares_raw,
    assets_raw::varchar as assets_raw,
    shares,
    assets,
    price,
    price_after,
    trade_fee as fee,
    share_price,
    share_price_at,
    price / nullif(share_price, 0) - 1 as premium,
    case when price is not null then pool_price / nullif(share_price, 0) - 1 end
        as pool_premium,
    case
        when side = 'unknown' then 'coins_unknown'
        when side = 'other' then 'no_shares_traded'
        when asset is null then 'asset_unknown'
        when not is_asset then 'other_coin'
        when is_dust then 'dust'
        when share_price is null then 'no_price_yet'
        when share_price = 0 then 'bad_anchor_price'
    end as reason
from valued
