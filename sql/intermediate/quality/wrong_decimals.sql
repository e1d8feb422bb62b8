-- One row per vault and number of decimals in the config that a node contradicts.
-- Decimals of the vault's shares, its asset, or the feed that prices it in the asset.
-- The last answer counts, and 0 never: a contract says so before it is initialised.
-- grain: vault_id, field
-- stored
with

answers as (

    select
        vault_id,
        field,
        any_value(if(field = 'decimals', share_decimals, asset_decimals)) as configured,
        arg_max(value, block_number) as answered
    from staging.states
    inner join staging.vaults using (chain_id, address)
    where field in ('decimals', 'asset.decimals', 'accountant.decimals')
        and value > 0
    group by vault_id, field

)

select
    vault_id,
    field,
    configured,
    answered
from answers
where answered != configured
