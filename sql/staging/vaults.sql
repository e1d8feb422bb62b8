-- One row per configured vault: its contract, its decimals, its place in the config.
-- vault_number is that place: a small integer sorts and groups many rows faster.
-- grain: vault_id
-- stored where rows are few
select
    vault_id,
    config_position as vault_number,
    chain_id,
    address,
    name,
    family,
    asset_symbol,
    asset_decimals,
    share_decimals,
    safe
from raw.vaults
