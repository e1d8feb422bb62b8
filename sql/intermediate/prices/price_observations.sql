-- One row per vault, moment and source: an accepted price per share.
-- Of several readings at one moment the last stands; conflicting ones are left out.
-- grain: vault_id, observed_at, source_rank
-- stored where rows are few
with

repeats as (

    select
        vault_number,
        observed_at,
        last_position,
        is_conflict
    from intermediate.reading_repeats

),

candidates as (

    select
        price_candidates.*,
        last_position,
        is_conflict
    from intermediate.price_candidates
    left join repeats using (vault_number, observed_at)

)

select
    vault_id,
    vault_number,
    observed_at,
    price_date,
    source_rank,
    share_price,
    total_assets,
    total_supply,
    total_assets_raw,
    total_supply_raw,
    block_number,
    file_id,
    is_inexact
from candidates
where source_rank != intermediate.source_rank('reading')
    or is_conflict is null
    or (not is_conflict and position = last_position)
