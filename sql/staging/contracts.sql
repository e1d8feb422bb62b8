-- One row per contract that a vault's figures need, and what it is to the vault.
-- grain: vault_id, address, role, pool_id
-- stored where rows are few
select
    vault_id,
    chain_id,
    address,
    role,
    family,
    name,
    is_shared,
    pool_id,
    case when coins != '' then string_split(coins, ',') end as coins
from raw.contracts
