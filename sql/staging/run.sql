-- One row: the parameters of the run.
-- grain: as_of
-- stored where rows are few
select
    as_of,
    until_at,
    risk_free_rate,
    min_total_assets
from raw.run
