-- One row per trade of a vault's shares in a pool, next to the price per share.
-- A price is of trades against the asset alone. Dust is under a thousandth of a unit of
-- the asset, or so few raw units of a coin (100,000) that rounding would decide the
-- price. The price includes the pool's fee and what the trade moved.
-- grain: vault_id, pool, pool_id, log_position
-- view
-- units:
--   asset: assets
--   shares: shares
--   asset per share: price, price_after, share_price
--   fraction: fee, premium, pool_premium
--   block number: block_number
--   log position: log_position
--   smallest unit of the share: shares_raw
--   smallest unit of the token: assets_raw
-- columns:
--   vault_id: the vault's id in the config
--   pool: the pool's contract, lower case
--   pool_id: the pool within a contract that holds many; else empty
--   pool_name: its name in the config
--   log_position: block number and place in it, as one number
--   traded_at: when, UTC
--   block_number: block of the trade
--   transaction_hash: the transaction; where the archive has none, the block
--   side: sell or buy, of shares; other: no shares moved; unknown: the coins are not
--     known
--   shares_raw: shares that moved, exact
--   assets_raw: units of the other coin that moved for the shares, exact
--   shares: shares that moved, in units of the share
--   assets: units of the asset that moved for the shares; null where they were traded
--     for another coin
--   price: assets paid per share
--   price_after: the pool's price after the trade, where its events have it
--   fee: part of what was sold that the pool kept, where it is known
--   share_price: the vault's last price per share by then
--   share_price_at: when that was observed
--   premium: price / share_price - 1; negative where shares went below their value
--   pool_premium: premium of the pool's own price, which the fee is not in:
--     price_after, else the price with the fee taken out; null where neither is known
--   reason: why there is no premium
select
    vault_id,
    pool,
    pool_id,
    pool_name,
    log_position,
    traded_at,
    block_number,
    transaction_hash,
    side,
    shares_raw,
    assets_raw,
    shares,
    assets,
    price,
    price_after,
    fee,
    share_price,
    share_price_at,
    premium,
    pool_premium,
    reason
from intermediate.market_trades
