-- One row per vault and price point: its price, the return into it and its drawdown.
-- grain: vault_id, observed_at
select
    vault_id,
    vault_number,
    observed_at,
    price_date,
    point_number,
    source_rank,
    share_price,
    total_assets,
    block_number,
    is_inexact,
    is_inception,
    previous_at,
    next_at,
    previous_price,
    peak_price,
    elapsed_seconds,
    simple_return,
    drawdown
from intermediate.price_returns
inner join staging.vaults using (vault_number)
