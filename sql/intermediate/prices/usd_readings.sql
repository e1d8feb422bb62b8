-- One row per reading in US dollars by the as-of date: the same in units of the asset.
-- formula: US dollars / price of a unit of the asset in US dollars, which is
--   total_assets_usd / total_assets of the reading itself, else
--   of the vault's last reading of the same UTC day that has both, else
--   the benchmark's value of that day that the config names for the vault.
-- A unit is never taken for a dollar. Under a thousandth of a unit or under 1,000 raw
-- units give no price, because their last digit would decide it.
-- columns:
--   share_price: by its price in US dollars, else by its assets in them and supply
--   total_assets: null where the reading itself has them, or where there is a reason
--   asset_price: what a unit of the asset cost in US dollars
--   price_reason: why the reading gives no price at all: no_asset_price, out_of_range
--   assets_reason: why its assets are not known: no_asset_price
-- grain: file_id, line
-- stored
with

readings as (

    select
        readings.file_id,
        readings.line,
        readings.vault_id,
        readings.observed_at,
        make_timestamp(epoch_us(readings.observed_at))::date as price_date,
        usd.share_price_usd,
        usd.total_assets_usd,
        readings.total_assets_raw is not null as has_assets,
        readings.total_supply_raw::double / 10::double ^ share_decimals as total_supply,
        readings.share_price is not null
            or readings.share_price_raw is not null
            or (
                readings.total_assets_raw is not null
                and readings.total_supply_raw > 0::bignum
            ) as has_price,
        case
            when usd.total_assets_usd > 0
                and readings.total_assets_raw::double
                    >= greatest(1000, 10::double ^ (asset_decimals - 3))
                then usd.total_assets_usd
                    / (readings.total_assets_raw::double / 10::double ^ asset_decimals)
        end as own_price
    from staging.readings as readings
    inner join staging.usd_readings as usd using (file_id, line)
    inner join staging.vaults using (vault_id)
    where readings.observed_at < (select until_at from staging.run)

),

named as (

    select
        asset_prices.vault_id,
        benchmarks.observed_on as price_date,
        benchmarks.value as named_price
    from staging.asset_prices as asset_prices
    inner join staging.benchmarks as benchmarks using (benchmark)

),

of_days as (

    select
        readings.*,
        coalesce(
            own_price,
            arg_max(own_price, (observed_at, file_id, line)) over (
                partition by vault_id, price_date
            ),
            named_price
        ) as asset_price
    from readings
    left join named using (vault_id, price_date)

),

converted as (

    select
        *,
        case
            when not has_assets then total_assets_usd / asset_price
        end as total_assets,
        coalesce(
            share_price_usd / asset_price,
            case
                when not has_assets
                    then total_assets_usd / asset_price / nullif(total_supply, 0)
            end
        ) as any_price
    from of_days

),

judged as (

    select
        *,
        case
            when any_price = 0 or any_price between 1e-30 and 1e30 then any_price
        end as share_price
    from converted

)

select
    file_id,
    line,
    vault_id,
    observed_at,
    share_price,
    total_assets,
    asset_price,
    case
        when has_price or share_price is not null then null
        when any_price is not null then 'out_of_range'
        else 'no_asset_price'
    end as price_reason,
    case
        when not has_assets and total_assets_usd is not null and total_assets is null
            then 'no_asset_price'
    end as assets_reason
from judged
