-- One row per vault and account that ever held its shares: how many, since when.
-- Addresses are for the database; no report shows them.
-- grain: vault_id, holder
-- columns:
--   vault_id: the vault's id in the config
--   holder: the account, lower case
--   kind: investor, fee_receiver, vault (shares to claim) or silo (shares to redeem)
--   balance: shares in the account by the transfers, in units of the share
--   balance_raw: the same as an exact integer
--   shares: balance and the holder's pending shares in the vault or its silo
--   value: shares at the vault's last price, in units of the asset
--   share_of_supply: shares / shares in existence; null where logs are missing
--   transfers_count: transfers it was part of
--   first_at: the first of them, or its first flow
--   last_at: the last of them, or its last flow
with

vaults as (

    select * from staging.vaults

),

balances as (

    select * from intermediate.holder_balances

),

positions as (

    select * from intermediate.holder_positions where holder != 'unattributed'

),

accounts as (

    select
        vault_id,
        account as holder,
        kind
    from intermediate.internal_share_accounts

),

records as (

    select * from intermediate.flow_records

),

last_prices as (

    select
        vault_id,
        arg_max(share_price, observed_at) as last_price
    from intermediate.flow_prices
    group by vault_id

),

supplies as (

    select
        vault_id,
        sum(balance_raw) as supply_raw
    from balances
    group by vault_id

),

held as (

    select
        vault_id,
        holder,
        coalesce(balances.balance_raw, 0::bignum) as balance_raw,
        coalesce(balances.transfers_count, 0) as transfers_count,
        least(balances.first_at, positions.first_at) as first_at,
        greatest(balances.last_at, positions.last_at) as last_at,
        positions.shares
    from balances
    full join positions using (vault_id, holder)

),

scaled as (

    select
        held.* exclude (shares),
        coalesce(accounts.kind, 'investor') as kind,
        balance_raw::double / 10::double ^ share_decimals as balance,
        supply_raw::double / 10::double ^ share_decimals as supply,
        records.reason as missing,
        last_price,
        -- a vault without priced flows is known by its balances alone
        case
            when kind in ('vault', 'silo') then null
            when balance_raw = 0::bignum and held.shares is null then 0
            else coalesce(held.shares, balance)
        end as shares
    from held
    inner join vaults using (vault_id)
    left join accounts using (vault_id, holder)
    left join records using (vault_id)
    left join last_prices using (vault_id)
    left join supplies using (vault_id)

)

select
    vault_id,
    holder,
    kind,
    balance,
    balance_raw::varchar as balance_raw,
    shares,
    shares * last_price as value,
    case
        when missing is distinct from 'logs_missing' then shares / nullif(supply, 0)
    end as share_of_supply,
    transfers_count,
    first_at,
    last_at
from scaled
