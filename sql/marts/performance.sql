-- One row per vault with a mark and period: every metric, null where it is undefined.
-- grain: vault_id, period
-- columns:
--   vault_id: the vault's id in the config
--   period: 1d, 7d, 30d, 90d, 180d, 365d, mtd, qtd, ytd, or itd: since inception
--   period_position: order in which reports show it
--   start_at: the mark the period starts from; null if there is none
--   end_at: the last mark
--   elapsed_days: true time between the two, in days
--   is_partial: whether the vault is younger than its calendar period
--   returns_count: returns the figures are made of; 0 where the period has a reason
with

periods as (

    select * from intermediate.periods

),

statistics as (

    select * from intermediate.period_statistics

)

select
    periods.vault_id,
    periods.period,
    periods.period_position,
    periods.start_at,
    periods.end_at,
    periods.elapsed_seconds / 86400 as elapsed_days,
    periods.is_partial,
    statistics.returns_count,
    total_return.value as total_return,
    apy.value as apy,
    apr.value as apr,
    volatility.value as volatility,
    sharpe_ratio_zero.value as sharpe_ratio_zero,
    sharpe_ratio.value as sharpe_ratio,
    sortino_ratio.value as sortino_ratio,
    downside_deviation.value as downside_deviation,
    max_drawdown.value as max_drawdown,
    current_drawdown.value as current_drawdown,
    calmar_ratio.value as calmar_ratio,
    win_rate.value as win_rate,
    best_day.value as best_day,
    worst_day.value as worst_day
from periods
inner join statistics using (vault_id, period)
inner join metrics.total_return using (vault_id, period)
inner join metrics.apy using (vault_id, period)
inner join metrics.apr using (vault_id, period)
inner join metrics.volatility using (vault_id, period)
inner join metrics.sharpe_ratio_zero using (vault_id, period)
inner join metrics.sharpe_ratio using (vault_id, period)
inner join metrics.sortino_ratio using (vault_id, period)
inner join metrics.downside_deviation using (vault_id, period)
inner join metrics.max_drawdown using (vault_id, period)
inner join metrics.current_drawdown using (vault_id, period)
inner join metrics.calmar_ratio using (vault_id, period)
inner join metrics.win_rate using (vault_id, period)
inner join metrics.best_day using (vault_id, period)
inner join metrics.worst_day using (vault_id, period)
order by periods.vault_id, periods.period_position
