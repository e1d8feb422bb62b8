-- One row per time a Lagoon vault's high-water mark was set down, which v0.6 may allow.
-- The Safe sets it to the price of the day: gains up to the old mark, which have paid a
-- performance fee, pay it again.
-- valuation_position: of the first valuation that counts from the new mark; null: none
-- grain: vault_id, log_position
-- stored
with

marks as (

    select
        vault_id,
        log_position,
        block_number,
        block_at,
        (arguments->>'oldHighWaterMark')::bignum as old_mark_raw,
        (arguments->>'newHighWaterMark')::bignum as new_mark_raw
    from intermediate.vault_events
    semi join intermediate.lagoon_v6_spans using (vault_id)
    where event = 'HighWaterMarkUpdated'

),

valuations as (

    select
        vault_id,
        log_position
    from intermediate.vault_events
    where event = 'TotalAssetsUpdated'

)

select
    marks.vault_id,
    marks.log_position,
    block_number,
    block_at,
    old_mark_raw,
    new_mark_raw,
    valuations.log_position as valuation_position
from marks
asof left join valuations
    on marks.vault_id = valuations.vault_id
    and marks.log_position < valuations.log_position
where new_mark_raw < old_mark_raw
