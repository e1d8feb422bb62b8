-- One row per price point of a vault after its first: the return into it, the drawdown.
-- grain: vault_id, observed_at
-- view
-- columns:
--   vault_id: the vault's id in the config
--   observed_at: the price point the return leads to
--   price_date: its UTC day
--   previous_at: the price point the return starts from
--   elapsed_seconds: true time between the two
--   simple_return: share price / previous share price - 1
--   drawdown: share price / highest price point so far - 1; zero or negative
select
    vault_id,
    observed_at,
    price_date,
    previous_at,
    elapsed_seconds,
    simple_return,
    drawdown
from intermediate.price_points
where previous_at is not null
