-- One row: the thresholds of verdicts by name, and the last day.
-- grain: as_of
-- stored
select
    (select as_of from staging.run) as as_of,
    max(value) filter (threshold = 'unbacked_share') as unbacked_share,
    max(value) filter (threshold = 'impaired_share') as impaired_share,
    max(value) filter (threshold = 'illiquid_share') as illiquid_share,
    max(value) filter (threshold = 'full_utilisation') as full_utilisation,
    max(value) filter (threshold = 'backed_share') as backed_share,
    max(value) filter (threshold = 'request_days') as request_days,
    max(value) filter (threshold = 'fact_days')::integer as fact_days
from staging.thresholds
