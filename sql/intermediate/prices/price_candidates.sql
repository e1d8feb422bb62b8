-- One row per price that a source gives for a vault by the as-of date.
-- source_rank is the source's place in intermediate.price_sources(), 1 for the most
-- trusted; position orders a source's rows.
-- grain: vault_id, source_rank, position
-- stored where rows are few
-- It is read often, each time for a few of its columns.
with

events as (

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
        false as is_inexact
    from intermediate.event_prices
    where is_possible

),

states as (

    select
        vault_id,
        vault_number,
        observed_at,
        intermediate.source_rank('node_state') as source_rank,
        block_number as position,
        share_price,
        total_assets,
        total_supply,
        total_assets_raw,
        total_supply_raw,
        block_number,
        null::integer as file_id,
        false as is_inexact
    from intermediate.state_prices
    where is_possible
    -- on some chains several blocks have one time
    qualify row_number() over (
        partition by vault_number, observed_at order by block_number desc
    ) = 1

),

readings as (

    select
        vault_id,
        vault_number,
        observed_at,
        intermediate.source_rank('reading') as source_rank,
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

candidates as (

    select * from events
    union all
    select * from states
    union all
    select * from readings

)

select
    candidates.vault_id,
    candidates.vault_number,
    candidates.observed_at,
    -- the UTC day by arithmetic: a cast would ask a calendar for every row
    make_timestamp(epoch_us(candidates.observed_at))::date as price_date,
    candidates.source_rank,
    candidates.position,
    coalesce(repeated.settled_price, candidates.share_price) as share_price,
    candidates.total_assets,
    candidates.total_supply,
    candidates.total_assets_raw,
    candidates.total_supply_raw,
    candidates.block_number,
    candidates.file_id,
    candidates.is_inexact
from candidates
left join intermediate.repeated_prices as repeated
    using (vault_number, source_rank, position)
