-- One row per address that holds a vault's assets and acts for it.
-- account_key is the address without its last byte: Euler's sub-accounts of one owner
-- differ in nothing else. holds_assets: its balance counts towards the vault's assets;
-- where a Safe holds them, what the vault's contract has belongs to those who left.
-- grain: vault_id, account
-- stored
with

contracts as (

    select * from staging.contracts where role in ('vault', 'safe', 'account')

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
    ) as holds_assets
from contracts
group by vault_id, address
