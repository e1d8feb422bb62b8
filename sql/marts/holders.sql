-- One row per vault and account that ever held its shares: how many, since when.
-- Shares are sums of transfers, with what waits added to who asked for it: together
-- they are the contract's supply, but for what it counts without a log, which is a row
-- of its own. Addresses are for the database; no report shows them.
-- grain: vault_id, holder
-- units:
--   asset: value
--   shares: balance, shares
--   fraction: share_of_supply
--   count: transfers_count
--   smallest unit of the share: balance_raw
-- columns:
--   vault_id: the vault's id in the config
--   holder: the account, lower case; 'unlogged' for shares of the contract's supply
--     that no transfer made or, negative, took away
--   kind: investor, fee_receiver, vault (shares to claim), silo (shares to redeem), own
--     (the vault's own: profit it locks, or what was sent to it), pool (a configured
--     pool that trades shares) or unlogged
--   balance: shares in the account by the transfers, in units of the share; null where
--     no transfer is in the logs
--   balance_raw: shares in the account by the transfers, exact
--   shares: balance and the holder's pending shares in the vault or its silo; of these
--     two what is nobody's, if anything is
--   value: shares at the vault's last price, in units of the asset
--   share_of_supply: shares / shares in existence; null where logs are missing
--   transfers_count: transfers that the account was part of
--   first_at: the account's first transfer or flow
--   last_at: the account's last transfer or flow
--   reason: why shares and value are null
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

unlogged as (

    select
        vault_id,
        shares_raw
    from intermediate.unlogged_shares
    where not is_missing

),

supplies as (

    select
        vault_id,
        sum(balance_raw) + coalesce(any_value(shares_raw), 0::bignum) as supply_raw
    from balances
    left join unlogged using (vault_id)
    group by vault_id

),

gaps as (

    select distinct
        vault_id,
        holder,
        true as has_gap
    from intermediate.flow_gaps
    where kind in ('transfer_missing', 'event_missing')

),

held as (

    select
        vault_id,
        holder,
        case when supply_raw is not null then coalesce(balance_raw, 0::bignum) end
            as balance_raw,
        supply_raw,
        coalesce(balances.transfers_count, 0) as transfers_count,
        least(balances.first_at, positions.first_at) as first_at,
        greatest(balances.last_at, positions.last_at) as last_at,
        positions.shares as position,
        positions.moved_shares
    from balances
    full join positions using (vault_id, holder)
    left join supplies using (vault_id)

),

scaled as (

    select
        held.*,
        coalesce(accounts.kind, 'investor') as kind,
        10::double ^ share_decimals as share_unit,
        balance_raw::double / share_unit as balance,
        supply_raw::double / share_unit as supply,
        records.reason as missing,
        last_price,
        coalesce(accounts.kind, '') in ('vault', 'silo') as is_internal,
        -- a sum of what flowed is its balance but for float noise, if nothing waits
        coalesce(
            position is not null and not is_internal
            and coalesce(abs(position - balance) > 1e-9 * moved_shares, true),
            false
        ) as is_apart,
        case
            when is_apart then position
            when not is_internal then balance
        end as owned,
        coalesce(
            balance_raw < 0::bignum or has_gap
            or (is_apart and missing = 'logs_missing'),
            false
        ) as is_missing,
        row_number() over (
            partition by vault_id, is_internal order by accounts.kind desc, holder
        ) as place
    from held
    inner join vaults using (vault_id)
    left join accounts using (vault_id, holder)
    left join records using (vault_id)
    left join last_prices using (vault_id)
    left join gaps using (vault_id, holder)

),

-- what waits for somebody is not the account's that it waits in
remainders as (

    select
        vault_id,
        sum(balance) as total,
        sum(owned) as owned_total,
        sum(coalesce(moved_shares, 0)) + sum(abs(balance)) as moved_total
    from scaled
    group by vault_id

),

stated as (

    select
        scaled.*,
        case
            when is_missing then null
            when not is_internal then owned
            when place = 1 and missing is distinct from 'logs_missing'
                and abs(total - owned_total) > 1e-9 * moved_total
                then total - owned_total
        end as shares
    from scaled
    left join remainders using (vault_id)

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
    last_at,
    case when is_missing then 'logs_missing' end as reason
from stated

union all

select
    vault_id,
    'unlogged' as holder,
    'unlogged' as kind,
    shares_raw::double / 10::double ^ share_decimals as balance,
    shares_raw::varchar as balance_raw,
    balance as shares,
    balance * last_price as value,
    case
        when records.reason is distinct from 'logs_missing'
            then shares_raw::double / nullif(supply_raw::double, 0)
    end as share_of_supply,
    0 as transfers_count,
    null as first_at,
    null as last_at,
    null as reason
from unlogged
inner join vaults using (vault_id)
inner join supplies using (vault_id)
left join records using (vault_id)
left join last_prices using (vault_id)
