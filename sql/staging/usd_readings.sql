-- One row per reading that a file gives in US dollars, wholly or in part.
-- grain: file_id, line
select
    file_id,
    line,
    share_price_usd,
    total_assets_usd
from raw.usd_readings
