-- One row per configured vault: its contract, its decimals, its place in the config.
-- grain: vault_id
select
    vault_id,
    config_position,
    chain_id,
    address,
    name,
    family,
    asset_symbol,
    asset_decimals,
    share_decimals,
    safe
from raw.vaults
