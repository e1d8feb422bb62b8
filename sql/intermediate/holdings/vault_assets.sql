-- One row per vault whose asset the config names, or else the vault itself.
-- grain: vault_id
-- stored where rows are few
with

configured as (

    select
        vault_id,
        min(address) as asset
    from staging.contracts
    where role = 'asset'
    group by vault_id

),

told as (

    select
        vault_id,
        arg_max(text, block_number) as asset
    from staging.states
    inner join staging.vaults using (chain_id, address)
    where field = 'asset' and status = 'ok'
    group by vault_id

)

select
    vaults.vault_id,
    coalesce(configured.asset, told.asset) as asset
from staging.vaults as vaults
left join configured using (vault_id)
left join told using (vault_id)
where configured.asset is not null or told.asset is not null
