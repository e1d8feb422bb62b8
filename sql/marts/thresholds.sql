-- One row per threshold: what it is in this run, and what it decides.
-- grain: threshold
-- units:
--   of the threshold: value, default_value
-- columns:
--   threshold: its name, as the config may set it in [thresholds]
--   value: what it is in this run
--   default_value: what it is where the config says nothing
--   unit: fraction, fraction per year, asset, days or count
--   meaning: what it decides
select
    threshold,
    value,
    default_value,
    unit,
    meaning
from staging.threshold_values
order by threshold
