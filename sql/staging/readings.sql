-- One row per reading of a vault, as its file gave it; amounts are null if it failed.
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
    readings.file_id,
    readings.line,
    -- orders readings by path, then line: import history must not decide
    files.file_position * 1_000_000_000_000 + readings.line as reading_position,
    readings.vault_id,
    readings.observed_at,
    readings.block_number,
    readings.share_price,
    readings.share_price_raw,
    readings.total_assets as total_assets_raw,
    readings.total_supply as total_supply_raw,
    readings.is_inexact
from raw.readings
inner join files using (file_id)
