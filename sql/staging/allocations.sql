-- One row per amount that a vault had in a market or venue, as its file gave it.
-- A file that no archive matches any more counts for nothing until it is back.
-- grain: file_id, line
with

files as (

    select
        file_id,
        row_number() over (order by path) as file_position
    from raw.files
    where state != 'absent'

)

select
    allocations.file_id,
    allocations.line,
    -- orders rows by path, then line: import history must not decide
    files.file_position * 1_000_000_000_000 + allocations.line as row_position,
    make_timestamp(epoch_us(allocations.observed_at))::date as fact_date,
    allocations.vault_id,
    allocations.market,
    allocations.observed_at,
    allocations.assets,
    allocations.assets_usd,
    allocations.is_inexact
from raw.allocations
inner join files using (file_id)
