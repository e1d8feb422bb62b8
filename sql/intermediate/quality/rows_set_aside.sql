-- One row per file and reason: rows that were read but not used.
-- Import sets some aside; conflicting readings, those in US dollars of days on which
-- nothing tells what the asset cost (no_asset_price), undecodable logs and events of
-- absurd prices show only later, and are among the rows that import kept (is_kept).
-- grain: file_id, reason
-- stored where rows are few
with

conflicts as (

    select
        file_id,
        'conflicting_reading' as reason,
        count(*) as rows_set_aside,
        min(line) as first_line,
        arg_min(vault_id || ' at ' || observed_at, line) as example,
        true as is_kept
    from intermediate.reading_prices
    inner join intermediate.reading_repeats using (vault_id, observed_at)
    where is_conflict
    group by file_id

),

unconverted as (

    select
        file_id,
        if(price_reason = 'out_of_range', 'price_out_of_range', price_reason) as reason,
        count(*) as rows_set_aside,
        min(line) as first_line,
        arg_min(vault_id || ' at ' || observed_at, line) as example,
        true as is_kept
    from intermediate.usd_readings
    where price_reason is not null
    group by file_id, reason

),

impossible as (

    select
        file_id,
        'price_out_of_range' as reason,
        count(*) as rows_set_aside,
        min(block_number) as first_line,
        arg_min(
            vault_id || ' in block ' || block_number || ': a price of '
                || format('{:.3g}', share_price),
            block_number
        ) as example,
        true as is_kept
    from intermediate.event_prices
    where not is_possible
    group by file_id

),

undecoded as (

    select
        file_id,
        reason,
        count(*) as rows_set_aside,
        min(block_number) as first_line,
        'block ' || min(block_number) || ': '
            || arg_min(detail, block_number) as example,
        true as is_kept
    from staging.undecoded
    where reason = 'undecodable'
    group by file_id, reason

)

select
    file_id,
    reason,
    rows_set_aside,
    first_line,
    example,
    false as is_kept
from staging.set_aside

union all

select
    file_id,
    reason,
    rows_set_aside,
    first_line,
    example,
    is_kept
from conflicts

union all

select
    file_id,
    reason,
    rows_set_aside,
    first_line,
    example,
    is_kept
from unconverted

union all

select
    file_id,
    reason,
    rows_set_aside,
    first_line,
    example,
    is_kept
from undecoded

union all

select
    file_id,
    reason,
    rows_set_aside,
    first_line,
    example,
    is_kept
from impossible
