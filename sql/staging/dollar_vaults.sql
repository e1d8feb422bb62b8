-- One row per vault whose asset is about a US dollar, by the config or by its symbol.
-- A symbol decides nothing but whether an amount is compared with a number of dollars:
-- tokens can have any.
-- grain: vault_id
with

vaults as (

    select * from raw.vaults

),

configured as (

    select * from raw.asset_references

),

dollars as (

    select distinct lower(symbol) as symbol
    from seeds.dollar_symbols

)

select vaults.vault_id
from vaults
left join configured using (vault_id)
left join dollars on lower(vaults.asset_symbol) = dollars.symbol
where coalesce(configured.reference = 'usd', dollars.symbol is not null)
