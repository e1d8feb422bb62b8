-- One row per benchmark and UTC day with a value, as its file gave it.
-- grain: benchmark, observed_on
select
    benchmark,
    observed_on,
    value
from raw.benchmarks
