-- One row per reading by the as-of date that gives a price, in units of the asset.
-- formula: share_price, or share_price_raw / 10 ^ asset decimals, or what
--   intermediate.usd_readings makes of a price or of assets in US dollars, or
--   (total_assets + a) / 10 ^ asset decimals
--   / ((total_supply + s) / 10 ^ share decimals)
--   where a and s are the virtual amounts of the family, in raw units
-- Raw integers stay exact up to this division. Totals do not tell fees that are due and
-- not yet minted: the contract's own price is lower by them. marts.warnings says so.
-- grain: file_id, line
-- stored where rows are few
with

vaults as (

    select * from intermediate.price_rules

),

run as (

    select * from staging.run

),

readings as (

    select * from staging.readings

),

usd_readings as (

    select
        file_id,
        line,
        share_price,
        total_assets
    from intermediate.usd_readings

),

priced as (

    select
        readings.* exclude (share_price),
        vault_number,
        coalesce(
            readings.total_assets_raw::double / 10::double ^ asset_decimals,
            usd_readings.total_assets
        ) as total_assets,
        readings.total_supply_raw::double / 10::double ^ share_decimals as total_supply,
        -- in one expression, so that what a reading states itself is not computed
        coalesce(
            readings.share_price,
            readings.share_price_raw::double / 10::double ^ asset_decimals,
            usd_readings.share_price,
            case
                -- no shares have no price, and no assets none but zero
                when virtual_shares is not null
                    and readings.total_supply_raw > 0::bignum
                    and readings.total_assets_raw > 0::bignum
                    then (readings.total_assets_raw + virtual_assets)::double
                        / (readings.total_supply_raw + virtual_shares)::double
                        * 10::double ^ (share_decimals - asset_decimals)
            end,
            readings.total_assets_raw::double / 10::double ^ asset_decimals
                / nullif(
                    readings.total_supply_raw::double / 10::double ^ share_decimals, 0
                )
        ) as share_price
    from readings
    inner join vaults using (vault_id)
    left join usd_readings using (file_id, line)

)

select
    priced.file_id,
    priced.line,
    priced.reading_position,
    priced.vault_id,
    priced.vault_number,
    priced.observed_at,
    priced.block_number,
    priced.share_price,
    priced.total_assets,
    priced.total_supply,
    priced.total_assets_raw,
    priced.total_supply_raw,
    priced.is_inexact
from priced
where priced.observed_at < (select until_at from run) and priced.share_price is not null
