-- One row per vault and UTC day with priced trades of its shares, all pools together.
-- A discount is a day whose average price is over 0.1 % below the price per share.
-- Where the pools' own price, which their fees are not in, is not, it is only a fee.
-- grain: vault_id, price_date
-- view
-- units:
--   asset: assets
--   shares: shares
--   asset per share: vwap, low, high, close, share_price
--   fraction: premium, pool_premium, worst_premium, best_premium, close_premium, fee,
--     market_drawdown, value_drawdown
--   days: discount_days
--   count: trades
-- columns:
--   vault_id: the vault's id in the config
--   price_date: the UTC day
--   trades: trades of the day whose price is known
--   shares: shares traded
--   assets: assets that were paid for the shares traded
--   vwap: the day's average price, weighted by shares
--   low: the day's lowest price
--   high: the day's highest price
--   close: the day's last price
--   share_price: the vault's price per share at the last trade
--   premium: average of price / the vault's price per share - 1, weighted by the value
--     of the shares; negative is a discount
--   pool_premium: average premium of the pools' own prices, without their fees; of a
--     trade whose fee is not known, of the price that was paid
--   worst_premium: the lowest premium of a trade of the day
--   best_premium: the highest premium of a trade of the day
--   close_premium: premium of the day's last trade
--   fee: the largest fee of the pools that traded, as a part of what was sold
--   discount: market: the pools' own price is over 0.1 % below the price per share;
--     fee: only what was paid is; null: neither
--   discount_days: days since the market's discount began, at this day's end; 0: none
--   market_drawdown: fall of the day's average price from its highest so far
--   value_drawdown: fall of the price per share at the same trades from its highest
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
    pool_premium,
    worst_premium,
    best_premium,
    close_premium,
    fee,
    discount,
    discount_days,
    market_drawdown,
    value_drawdown
from intermediate.market_days
