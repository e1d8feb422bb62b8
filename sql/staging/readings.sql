-- One row per reading of a vault, as its file gave it; amounts are null if it failed.
-- A file that no archive matches any more counts for nothing until it is back.
-- grain: file_id, line
select
    readings.file_id,
    readings.line,
    files.file_position + readings.line as reading_position,
    readings.vault_id,
    readings.observed_at,
    readings.block_number,
    readings.share_price,
    readings.share_price_raw,
    readings.total_assets as total_assets_raw,
    readings.total_supply as total_supply_raw,
    readings.is_inexact
from raw.readings
inner join staging.row_files as files using (file_id)
