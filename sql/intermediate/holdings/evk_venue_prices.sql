-- One row per venue and UTC day on which a vault of Euler's kit stated its price.
-- It is that of the day's last status, with interest up to its block and what bad debt
-- took off: raw assets for a raw share. The statuses of a shared venue, which name
-- nobody, are not kept.
-- formula: (cash + total borrows + a) / (total shares + s), where a and s are the
--   virtual amounts of the family
-- grain: vault_id, venue, log_position
with

statuses as (

    select distinct on (vault_id, log_position)
        vault_id,
        address as venue,
        log_position,
        block_at,
        (arguments->>'cash')::bignum + (arguments->>'totalBorrows')::bignum
            as assets_raw,
        (arguments->>'totalShares')::bignum as supply_raw,
        virtual_assets,
        virtual_shares
    from staging.contract_events
    inner join staging.families using (family)
    where event = 'VaultStatus' and role in ('venue', 'lending')
    order by vault_id, log_position, role

)

select
    vault_id,
    venue,
    max(log_position) as log_position,
    arg_max(block_at, log_position) as block_at,
    arg_max(
        (assets_raw + virtual_assets)::double / (supply_raw + virtual_shares)::double,
        log_position
    ) as price
from statuses
group by vault_id, venue, make_timestamp(epoch_us(block_at))::date
