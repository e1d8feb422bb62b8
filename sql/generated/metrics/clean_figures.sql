-- One row per vault with spikes and period: every figure without them.
-- grain: vault_id, period
-- generated from the metrics by make golden
select * exclude (is_clean)
from metrics.all_figures
where is_clean = true
