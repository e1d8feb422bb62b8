-- One row per vault and UTC day with priced trades of its shares, all pools together.
-- A discount is a day whose average price is over 0.1 % below the price per share.
-- Where the pools' own price, which their fees are not in, is not, it is only a fee.
-- grain: vault_id, price_date
-- view
-- columns:
--   vault_id: the vault's id in the config
--   price_date: the UTC day
--   trades: priced trades of the day
--   shares: shares traded
--   assets: assets that were paid for them
--   vwap: average price, weighted by shares
--   low: lowest price
--   high: highest price
--   close: the day's last price
--   share_price: the vault's price per share at the last trade
--   premium: average premium, weighted by the value of the shares; negative is a
--     discount
--   pool_premium: the same of the pools' own prices, without their fees; of a trade
--     whose fee is not known the price that was paid
--   worst_premium: the lowest premium of a trade
--   best_premium: the highest premium of a trade
--   close_premium: premium of the last trade
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
