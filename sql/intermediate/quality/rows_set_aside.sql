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

in_dollars as (

    select
        file_id,
        line,
        vault_id || ' at ' || observed_at as example,
        if(price_reason = 'out_of_range', 'price_out_of_range', price_reason) as reason
    from intermediate.usd_readings
    where price_reason is not null

    union all

    select
        allocations.file_id,
        allocations.line,
        allocations.vault_id || ' in ' || allocations.market
            || ' at ' || allocations.observed_at,
        'no_asset_price'
    from staging.allocations as allocations
    left join intermediate.asset_dollars as dollars
        on allocations.vault_id = dollars.vault_id
        and allocations.fact_date = dollars.price_date
    where allocations.assets_usd > 0
        and allocations.assets is null
        and dollars.asset_price is null
        and allocations.observed_at < (select until_at from staging.run)

    union all

    -- of readings without a price that have nothing in another unit either
    select
        facts.file_id,
        facts.line,
        any_value(facts.vault_id || ' at ' || facts.observed_at),
        'no_asset_price'
    from staging.reading_facts as facts
    left join intermediate.asset_dollars as dollars
        on facts.vault_id = dollars.vault_id and facts.fact_date = dollars.price_date
    where facts.is_alone and facts.observed_at < (select until_at from staging.run)
    group by facts.file_id, facts.line
    having bool_and(
        facts.amount is null and facts.fraction is null and dollars.asset_price is null
    )

),

unconverted as (

    select
        file_id,
        reason,
        count(*) as rows_set_aside,
        min(line) as first_line,
        arg_min(example, line) as example,
        true as is_kept
    from in_dollars
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
