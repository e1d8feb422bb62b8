-- One row per vault, moment and source: an accepted price per share.
-- Of several at one moment the last stands; conflicting readings are all left out.
-- source_rank orders the sources by trust, 1 the most.
-- grain: vault_id, observed_at, source_rank
-- stored
with

vaults as (

    select * from staging.vaults

),

run as (

    select * from staging.run

),

repeats as (

    select * from intermediate.reading_repeats

),

lagoon as (

    select
        vault_id,
        block_at as observed_at,
        case when is_accounted_for then 1 else 2 end as source_rank,
        (price_assets_raw + 1::bignum)::double
            / (
                price_supply_raw
                + (10::double ^ (share_decimals - asset_decimals))::hugeint::bignum
            )::double
            * 10::double ^ (share_decimals - asset_decimals) as share_price,
        price_assets_raw as total_assets_raw,
        price_supply_raw as total_supply_raw,
        block_number,
        file_id,
        false as is_inexact
    from intermediate.lagoon_prices
    inner join vaults using (vault_id)
    qualify row_number() over (
        partition by vault_id, observed_at, source_rank order by log_position desc
    ) = 1

),

single_readings as (

    select reading_prices.*
    from intermediate.reading_prices
    anti join repeats using (vault_id, observed_at)

),

repeated_readings as (

    select reading_prices.*
    from intermediate.reading_prices
    inner join repeats using (vault_id, observed_at)
    where not is_conflict and reading_position = last_position

),

readings as (

    select
        vault_id,
        observed_at,
        3 as source_rank,
        share_price,
        total_assets_raw,
        total_supply_raw,
        block_number,
        file_id,
        is_inexact
    from (
        select * from single_readings
        union all
        select * from repeated_readings
    )

),

trades as (

    select
        vault_id,
        block_at as observed_at,
        4 as source_rank,
        (price_assets_raw::double / 10::double ^ asset_decimals)
            / (price_supply_raw::double / 10::double ^ share_decimals) as share_price,
        null::bignum as total_assets_raw,
        null::bignum as total_supply_raw,
        block_number,
        file_id,
        false as is_inexact
    from intermediate.trade_prices
    inner join vaults using (vault_id)
    qualify row_number() over (
        partition by vault_id, observed_at order by log_position desc
    ) = 1

),

observations as (

    select * from lagoon
    union all
    select * from readings
    union all
    select * from trades

)

select
    observations.vault_id,
    observations.observed_at,
    observations.source_rank,
    observations.share_price,
    observations.total_assets_raw,
    observations.total_supply_raw,
    observations.block_number,
    observations.file_id,
    observations.is_inexact
from observations
cross join run
where observations.observed_at < run.until_at
