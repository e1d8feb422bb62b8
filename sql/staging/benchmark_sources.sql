-- One row per configured benchmark: what its values are.
-- grain: benchmark
select
    benchmark,
    config_position,
    kind,
    day_count,
    vault_id,
    is_risk_free
from raw.benchmark_sources
