-- One row per vault with a price point and period: every figure, or why it has none.
-- grain: vault_id, period
-- generated from the metrics by make golden
select * exclude (is_clean)
from metrics.all_figures
where is_clean = false
