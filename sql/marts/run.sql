-- One row: what the night was asked for.
-- grain: as_of
-- columns:
--   as_of: the last UTC day included
--   until_at: the first instant not included
--   risk_free_rate: fraction per year that the Sharpe ratio is measured against
--   min_total_assets: start rule: a record starts when a vault first holds this much
select
    as_of,
    until_at,
    risk_free_rate,
    min_total_assets
from staging.run
