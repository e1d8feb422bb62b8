-- One row per price point of a vault after its first: the return into it, the drawdown.
-- grain: vault_id, observed_at
-- view
-- units:
--   asset per share: peak_price
--   fraction: simple_return, drawdown
--   seconds: elapsed_seconds
-- columns:
--   vault_id: the vault's id in the config
--   observed_at: the price point the return leads to
--   price_date: its UTC day
--   previous_at: the price point the return starts from
--   elapsed_seconds: true time from the price point before to this one
--   simple_return: share price / previous share price - 1
--   peak_price: highest share price of the record so far, this price point's included
--   drawdown: share price / peak_price - 1; zero or negative
select
    vault_id,
    observed_at,
    price_date,
    previous_at,
    elapsed_seconds,
    simple_return,
    peak_price,
    drawdown
from intermediate.price_points
where previous_at is not null
