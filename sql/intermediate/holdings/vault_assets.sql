-- One row per vault whose asset its contracts tell, or the config.
-- A Veda vault's is the one that its accountant counts in. What a contract answers
-- counts before what the config names, and of several configured none is the asset.
-- grain: vault_id
-- stored
with

vaults as (

    select * from staging.vaults

),

configured as (

    select
        vault_id,
        any_value(address) as asset
    from staging.contracts
    where role = 'asset'
    group by vault_id
    having count(distinct address) = 1

),

told as (

    select
        vault_id,
        lower(arg_max(text, block_number)) as asset
    from staging.states
    inner join vaults using (chain_id, address)
    where field in ('asset', 'token', 'accountant.base') and status = 'ok'
    group by vault_id

)

select
    vault_id,
    coalesce(told.asset, configured.asset) as asset
from configured
full join told using (vault_id)
