-- One row per vault and number of decimals in the config that a node contradicts.
-- Decimals of the vault's shares, its asset, or the feed that prices it in the asset.
-- grain: vault_id, field
-- stored
select
    vault_id,
    field,
    any_value(if(field = 'decimals', share_decimals, asset_decimals)) as configured,
    max(value) as answered
from staging.states
inner join staging.vaults using (chain_id, address)
where field in ('decimals', 'asset.decimals', 'accountant.decimals')
    and value != if(field = 'decimals', share_decimals, asset_decimals)
group by vault_id, field
