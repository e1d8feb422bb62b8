-- One row per address that holds a vault's assets and acts for it.
-- account_key is the address without its last byte: Euler's sub-accounts of one owner
-- differ in nothing else. holds_assets: its balance counts towards the vault's assets;
-- where a Safe holds them, what the vault's contract has belongs to those who left.
-- grain: vault_id, account
-- stored
with

contracts as (

    select * from staging.contracts where role in ('vault', 'safe', 'account')

),

-- what waits in a silo is of those who gave up their shares for it
silos as (

    select distinct
        vault_id,
        silo as address,
        true as is_silo
    from intermediate.susde_cooldowns

)

select
    vault_id,
    address as account,
    address[:40] as account_key,
    min(role) as role,
    bool_or(
        role != 'vault' or vault_id not in (
            select vault_id from contracts where role = 'safe'
        )
    ) and bool_and(is_silo is null) as holds_assets
from contracts
left join silos using (vault_id, address)
group by vault_id, address
