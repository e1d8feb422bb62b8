-- One row per undefined figure of marts.performance: why it is undefined.
-- grain: vault_id, period, metric
-- columns:
--   vault_id: the vault's id in the config
--   period: as in marts.performance
--   metric: the column of marts.performance that is null
--   reason: code, explained in marts.reasons
select vault_id, period, 'total_return' as metric, reason
from metrics.total_return where value is null
union all
select vault_id, period, 'apy' as metric, reason
from metrics.apy where value is null
union all
select vault_id, period, 'apr' as metric, reason
from metrics.apr where value is null
union all
select vault_id, period, 'volatility' as metric, reason
from metrics.volatility where value is null
union all
select vault_id, period, 'sharpe_ratio_zero' as metric, reason
from metrics.sharpe_ratio_zero where value is null
union all
select vault_id, period, 'sharpe_ratio' as metric, reason
from metrics.sharpe_ratio where value is null
union all
select vault_id, period, 'sortino_ratio' as metric, reason
from metrics.sortino_ratio where value is null
union all
select vault_id, period, 'downside_deviation' as metric, reason
from metrics.downside_deviation where value is null
union all
select vault_id, period, 'max_drawdown' as metric, reason
from metrics.max_drawdown where value is null
union all
select vault_id, period, 'current_drawdown' as metric, reason
from metrics.current_drawdown where value is null
union all
select vault_id, period, 'calmar_ratio' as metric, reason
from metrics.calmar_ratio where value is null
union all
select vault_id, period, 'win_rate' as metric, reason
from metrics.win_rate where value is null
union all
select vault_id, period, 'best_day' as metric, reason
from metrics.best_day where value is null
union all
select vault_id, period, 'worst_day' as metric, reason
from metrics.worst_day where value is null
