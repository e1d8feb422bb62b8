-- One row per vault: whether it redeems in the transaction that asks.
-- It is what the config says, else the family; null: neither tells.
-- grain: vault_id
-- stored where rows are few
select
    vault_id,
    coalesce(configured.is_synchronous, families.is_synchronous) as is_synchronous
from staging.vaults
left join staging.families as families using (family)
left join raw.synchronous as configured using (vault_id)
