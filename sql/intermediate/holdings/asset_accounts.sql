-- One row per address that holds a vault's assets and acts for it.
-- account_key is the address without its last byte: Euler's sub-accounts of one owner
-- differ in nothing else. holds_assets: its balance counts towards the vault's assets;
-- where a Safe holds them and redemptions are settled, what the vault's contract has
-- belongs to those who left. pays_redemptions: its balance pays them. A vault that
-- redeems at once pays with its own and nothing else.
-- grain: vault_id, account
-- stored
with

contracts as (

    select * from staging.contracts where role in ('vault', 'safe', 'account')

),

vaults as (

    select
        vault_id,
        coalesce(is_synchronous, false) as is_synchronous
    from staging.vaults
    inner join staging.families using (family)

),

-- what waits in a silo is of those who gave up their shares for it
silos as (

    select distinct
        vault_id,
        silo as address,
        true as is_silo
    from intermediate.susde_cooldowns

),

accounts as (

    select
        contracts.vault_id,
        contracts.address as account,
        min(role) as role,
        any_value(is_synchronous) as is_synchronous,
        bool_or(
            role != 'vault' or is_synchronous or contracts.vault_id not in (
                select vault_id from contracts where role = 'safe'
            )
        ) and bool_and(is_silo is null) as holds_assets
    from contracts
    inner join vaults on contracts.vault_id = vaults.vault_id
    left join silos
        on contracts.vault_id = silos.vault_id and contracts.address = silos.address
    group by contracts.vault_id, contracts.address

)

select
    vault_id,
    account,
    account[:40] as account_key,
    role,
    holds_assets,
    holds_assets and (role = 'vault' or not is_synchronous) as pays_redemptions
from accounts
