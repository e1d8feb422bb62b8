-- One row per amount that a vault had in a market or venue, as its file gave it.
-- A file that no archive matches any more counts for nothing until it is back.
-- grain: file_id, line
select
    allocations.file_id,
    allocations.line,
    files.file_position + allocations.line as row_position,
    make_timestamp(epoch_us(allocations.observed_at))::date as fact_date,
    allocations.vault_id,
    allocations.market,
    allocations.observed_at,
    allocations.assets,
    allocations.assets_usd,
    allocations.is_inexact
from raw.allocations
inner join staging.row_files as files using (file_id)
