-- One row per vault whose config names a benchmark as the price of its asset in USD.
-- grain: vault_id
select
    vault_id,
    benchmark
from raw.asset_prices
