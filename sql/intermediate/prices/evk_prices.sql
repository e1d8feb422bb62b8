-- One row per status that a vault of the Euler Vault Kit logs: its price at that time.
-- Every operation ends with one, after its deposits and withdrawals, with interest up
-- to its block. Cash and what is lent are all its assets; totalShares counts fees that
-- have accrued, so that the price is what convertToAssets answers in that block.
-- formula: (cash + total borrows + a) / (total shares + s), where a and s are the
--   virtual amounts of the family
-- Under a thousandth of a share the virtual shares decide, not the assets: no price.
-- grain: vault_id, log_position
with

vaults as (

    select * from intermediate.price_rules

),

statuses as (

    select
        vault_id,
        log_position,
        block_number,
        block_at,
        file_id,
        (arguments->>'cash')::bignum + (arguments->>'totalBorrows')::bignum
            as price_assets_raw,
        (arguments->>'totalShares')::bignum as price_supply_raw
    from staging.events
    where event = 'VaultStatus' and block_at is not null

)

select
    statuses.vault_id,
    vault_number,
    statuses.log_position,
    statuses.block_number,
    statuses.block_at,
    statuses.file_id,
    asset_decimals,
    share_decimals,
    statuses.price_assets_raw,
    statuses.price_supply_raw,
    (price_assets_raw + virtual_assets)::double
        / (price_supply_raw + virtual_shares)::double
        * 10::double ^ (share_decimals - asset_decimals) as share_price
from statuses
inner join vaults using (vault_id)
where price_supply_raw::double >= 10::double ^ (share_decimals - 3)
