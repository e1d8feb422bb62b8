-- One row per price that a vault's own events give by the as-of date.
-- Of several at one moment the last stands. They are as the contract says, however
-- absurd (is_possible); price points come from intermediate.price_candidates. A step
-- that is named twice is computed whole, so staging.vaults is written out each time.
-- grain: vault_id, source_rank, position
-- stored
with

lagoon as (

    select
        vault_id,
        vault_number,
        block_at as observed_at,
        intermediate.source_rank(
            if(is_accounted_for, 'lagoon_settlement', 'lagoon_event')
        ) as source_rank,
        log_position as position,
        share_price,
        price_assets_raw::double / 10::double ^ asset_decimals as total_assets,
        price_supply_raw::double / 10::double ^ share_decimals as total_supply,
        price_assets_raw as total_assets_raw,
        price_supply_raw as total_supply_raw,
        block_number,
        file_id
    from intermediate.lagoon_prices
    inner join staging.vaults using (vault_id)
    qualify row_number() over (
        partition by vault_id, observed_at order by log_position desc
    ) = 1

),

statuses as (

    select
        vault_id,
        vault_number,
        block_at as observed_at,
        intermediate.source_rank('vault_status') as source_rank,
        log_position as position,
        share_price,
        price_assets_raw::double / 10::double ^ asset_decimals as total_assets,
        price_supply_raw::double / 10::double ^ share_decimals as total_supply,
        price_assets_raw as total_assets_raw,
        price_supply_raw as total_supply_raw,
        block_number,
        file_id
    from intermediate.evk_prices
    qualify row_number() over (
        partition by vault_id, observed_at order by log_position desc
    ) = 1

),

posts as (

    select
        vault_id,
        vault_number,
        block_at,
        log_position,
        share_price,
        block_number,
        file_id
    from intermediate.veda_rates

    union all

    select
        vault_id,
        vault_number,
        block_at,
        log_position,
        share_price,
        block_number,
        file_id
    from intermediate.feed_rates

),

rates as (

    select
        vault_id,
        vault_number,
        block_at as observed_at,
        intermediate.source_rank('posted_rate') as source_rank,
        log_position as position,
        share_price,
        null::double as total_assets,
        null::double as total_supply,
        null::bignum as total_assets_raw,
        null::bignum as total_supply_raw,
        block_number,
        file_id
    from posts
    qualify row_number() over (
        partition by vault_id, observed_at order by log_position desc
    ) = 1

),

trades as (

    select
        vault_id,
        vault_number,
        block_at as observed_at,
        intermediate.source_rank('erc4626_trade') as source_rank,
        log_position as position,
        (price_assets_raw::double / 10::double ^ asset_decimals)
            / (price_supply_raw::double / 10::double ^ share_decimals) as share_price,
        null::double as total_assets,
        null::double as total_supply,
        null::bignum as total_assets_raw,
        null::bignum as total_supply_raw,
        block_number,
        file_id
    from intermediate.trade_prices
    inner join staging.vaults using (vault_id)
    qualify row_number() over (
        partition by vault_id, observed_at order by log_position desc
    ) = 1

),

prices as (

    select * from lagoon
    union all
    select * from statuses
    union all
    select * from rates
    union all
    select * from trades

)

select
    vault_id,
    vault_number,
    observed_at,
    source_rank,
    position,
    share_price,
    total_assets,
    total_supply,
    total_assets_raw,
    total_supply_raw,
    block_number,
    file_id,
    -- import holds readings to the same bounds
    share_price between 1e-30 and 1e30 as is_possible
from prices
where observed_at < (select until_at from staging.run)
