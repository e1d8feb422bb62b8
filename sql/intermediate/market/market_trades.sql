-- One row per trade of a vault's shares in a pool, as marts.market_trades shows it.
-- A price is of trades against the asset alone, of at least a million raw units on both
-- sides: smaller ones are rounded to nonsense. It includes the pool's fee and the price
-- that the trade moved.
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
        asset_coin
    from intermediate.pool_coins

),

sided as (

    select
        swaps.*,
        coins.asset_coin,
        coins.share_coin,
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
        one_raw::double < 1e6 or other_raw::double < 1e6 as is_dust
    from sided

),

priced as (

    select
        *,
        case when not is_dust then assets / shares end as price,
        -- token 1 for token 0, both raw
        (root::double / 2::double ^ 96) ^ 2 as raw_ratio,
        case
            when not is_asset or side not in ('sell', 'buy') then null
            when share_coin = 0
                then raw_ratio * 10::double ^ (share_decimals - asset_decimals)
            else 10::double ^ (share_decimals - asset_decimals) / raw_ratio
        end as price_after
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
    share_price,
    share_price_at,
    price / nullif(share_price, 0) - 1 as premium,
    case
        when side = 'unknown' then 'coins_unknown'
        when side = 'other' then 'no_shares_traded'
        when not is_asset then 'other_coin'
        when is_dust then 'dust'
        when share_price is null then 'no_price_yet'
        when share_price = 0 then 'bad_anchor_price'
    end as reason
from valued
