-- One row per threshold by which marts.backing reaches its verdicts.
-- grain: threshold
-- units:
--   of the threshold: value, default_value
-- columns:
--   threshold: its name, as in the config's table backing
--   value: what this run went by
--   default_value: what a run goes by where the config does not say
--   unit: fraction or days
--   meaning: what it decides
select
    threshold,
    value,
    default_value,
    unit,
    meaning
from staging.thresholds
