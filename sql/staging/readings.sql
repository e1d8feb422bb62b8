-- One row per reading of a vault, as its file gave it; amounts are null if it failed.
-- grain: file_id, line
select
    file_id,
    line,
    vault_id,
    observed_at,
    block_number,
    share_price,
    share_price_raw,
    total_assets as total_assets_raw,
    total_supply as total_supply_raw,
    is_inexact
from raw.readings
