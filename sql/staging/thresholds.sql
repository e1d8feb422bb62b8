-- One row per threshold by which verdicts are reached.
-- value: the config's, which each run writes into the seed, else the usual one
-- grain: threshold
-- stored where rows are few
select
    threshold,
    coalesce(value::double, default_value::double) as value,
    default_value::double as default_value,
    unit,
    meaning
from seeds.thresholds
