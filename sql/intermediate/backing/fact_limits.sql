-- One row: the thresholds of verdicts by name, and the last day.
-- grain: as_of
-- stored
select
    (select as_of from staging.run) as as_of,
    unbacked_share,
    impaired_share,
    illiquid_share,
    full_utilisation,
    backed_share,
    request_days,
    fact_days
from staging.thresholds
