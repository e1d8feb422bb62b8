-- One row per point at which a share can be held against its part of the assets.
-- A Lagoon settlement must move assets and shares at the price that its totals give,
-- and its supply must be the sum of the mints and burns; a reading or a node's states
-- at one block must give price times supply = assets.
-- formula: gap: what the price says less what is stated, as a fraction
-- grain: vault_id, source, position
with

vaults as (

    select * from staging.vaults

),

run as (

    select * from staging.run

),

legs as (

    select
        legs.vault_id,
        legs.log_position,
        is_accounted_for,
        legs.total_assets_raw,
        legs.total_supply_raw,
        coalesce(arguments->>'assetsDeposited', arguments->>'assetsWithdrawed')::bignum
            as assets_raw,
        coalesce(arguments->>'sharesMinted', arguments->>'sharesBurned')::bignum
            as shares_raw,
        block_number
    from intermediate.lagoon_settlement_legs as legs
    inner join staging.events using (vault_id, log_position)
    where block_at < (select until_at from run)

),

-- two raw units are rounding; an emptied vault has no price
settled as (

    select
        legs.vault_id,
        'settlement' as source,
        log_position as position,
        block_number,
        is_accounted_for,
        (
            shares_raw::double * (total_assets_raw + 1::bignum)::double
                / (
                    total_supply_raw + (
                        10::double ^ (share_decimals - asset_decimals)
                    )::hugeint::bignum
                )::double - assets_raw::double
        ) as difference,
        case
            when abs(difference) > 2 then difference / nullif(assets_raw::double, 0)
            else 0
        end as gap
    from legs
    inner join vaults using (vault_id)
    where total_supply_raw > 0::bignum

),

readings as (

    select
        readings.vault_id,
        'reading' as source,
        file_id * 1_000_000_000_000 + line as position,
        block_number,
        true as is_accounted_for,
        coalesce(share_price, share_price_raw::double / 10::double ^ asset_decimals)
            * (total_supply_raw::double / 10::double ^ share_decimals)
            / (total_assets_raw::double / 10::double ^ asset_decimals) - 1 as gap
    from staging.readings as readings
    inner join vaults using (vault_id)
    where observed_at < (select until_at from run)
        and total_assets_raw > 0::bignum and total_supply_raw > 0::bignum
        and (share_price is not null or share_price_raw is not null)

),

states as (

    select
        chain_id,
        address,
        block_number,
        any_value(value) filter (field = 'totalAssets') as total_assets_raw,
        any_value(value) filter (field = 'totalSupply') as total_supply_raw,
        arg_max(value, len(argument)) filter (field = 'convertToAssets') as worth_raw,
        arg_max(argument, len(argument)) filter (field = 'convertToAssets')
            as asked_raw
    from staging.states
    where status = 'ok'
        and field in ('totalAssets', 'totalSupply', 'convertToAssets')
    group by all

),

-- under a thousandth of a share the virtual shares decide, not the assets
read as (

    select
        vaults.vault_id,
        'node' as source,
        block_number as position,
        block_number,
        true as is_accounted_for,
        worth_raw::double / asked_raw::double
            * total_supply_raw::double / total_assets_raw::double - 1 as gap
    from states
    inner join vaults
        on states.chain_id = vaults.chain_id and states.address = vaults.address
    where worth_raw is not null and total_assets_raw > 0::bignum
        and total_supply_raw::double >= 10::double ^ (share_decimals - 3)

),

points as (

    select
        vault_id,
        source,
        position,
        block_number,
        is_accounted_for,
        gap
    from settled
    union all
    select * from readings
    union all
    select * from read

)

select
    vault_id,
    source,
    position,
    block_number,
    is_accounted_for,
    gap
from points
