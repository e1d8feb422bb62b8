-- One row per price that a source gives for a vault by the as-of date.
-- Of a Lagoon or ERC-4626 contract's several prices at one moment the last stands.
-- source_rank orders the sources by trust, 1 the most; position orders a source's rows.
-- grain: vault_id, source_rank, position
-- It is read often, each time for a few of its columns. A step that is named twice is
-- computed whole, so staging.vaults is written out each time.
with

lagoon as (

    select
        vault_id,
        vault_number,
        block_at as observed_at,
        case when is_accounted_for then 1 else 2 end as source_rank,
        log_position as position,
        (price_assets_raw + 1::bignum)::double
            / (
                price_supply_raw
                + (10::double ^ (share_decimals - asset_decimals))::hugeint::bignum
            )::double
            * 10::double ^ (share_decimals - asset_decimals) as share_price,
        price_assets_raw::double / 10::double ^ asset_decimals as total_assets,
        price_supply_raw::double / 10::double ^ share_decimals as total_supply,
        price_assets_raw as total_assets_raw,
        price_supply_raw as total_supply_raw,
        block_number,
        file_id,
        false as is_inexact
    from intermediate.lagoon_prices
    inner join staging.vaults using (vault_id)
    qualify row_number() over (
        partition by vault_id, observed_at order by log_position desc
    ) = 1

),

readings as (

    select
        vault_id,
        vault_number,
        observed_at,
        3 as source_rank,
        reading_position as position,
        share_price,
        total_assets,
        total_supply,
        total_assets_raw,
        total_supply_raw,
        block_number,
        file_id,
        is_inexact
    from intermediate.reading_prices

),

trades as (

    select
        vault_id,
        vault_number,
        block_at as observed_at,
        4 as source_rank,
        log_position as position,
        (price_assets_raw::double / 10::double ^ asset_decimals)
            / (price_supply_raw::double / 10::double ^ share_decimals) as share_price,
        null::double as total_assets,
        null::double as total_supply,
        null::bignum as total_assets_raw,
        null::bignum as total_supply_raw,
        block_number,
        file_id,
        false as is_inexact
    from intermediate.trade_prices
    inner join staging.vaults using (vault_id)
    qualify row_number() over (
        partition by vault_id, observed_at order by log_position desc
    ) = 1

),

candidates as (

    select * from lagoon
    union all
    select * from readings
    union all
    select * from trades

)

select
    candidates.vault_id,
    candidates.vault_number,
    candidates.observed_at,
    -- the UTC day by arithmetic: a cast would ask a calendar for every row
    make_timestamp(epoch_us(candidates.observed_at))::date as price_date,
    candidates.source_rank,
    candidates.position,
    candidates.share_price,
    candidates.total_assets,
    candidates.total_supply,
    candidates.total_assets_raw,
    candidates.total_supply_raw,
    candidates.block_number,
    candidates.file_id,
    candidates.is_inexact
from candidates
where candidates.observed_at < (select until_at from staging.run)
