-- One row per vault with a price and period: every metric, null where it is undefined.
-- The metrics are those of sql/metrics, in the order of marts.metric_definitions.
-- grain: vault_id, period
-- units:
--   days: elapsed_days
--   count: returns_count
--   place: period_position
-- columns:
--   vault_id: the vault's id in the config
--   period: 1d, 7d, 30d, 90d, 180d, 365d, mtd, qtd, ytd, or itd: since inception
--   period_position: order in which reports show it
--   start_at: the price point the period starts from; null if there is none
--   end_at: the last price point
--   elapsed_days: days from the period's first price point to its last, by the true
--     time between them
--   is_partial: whether the vault is younger than its calendar period
--   returns_count: returns the figures are made of; 0 where the period has a reason
--   headline_sharpe_method: which ratio headline_sharpe is: newey_west or plain
with

periods as (

    select * from intermediate.periods

),

statistics as (

    select * from intermediate.period_statistics

),

figures as (

    select columns(lambda c: not ends_with(c, '_reason')) from metrics.figures

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
    case
        when figures.headline_sharpe is null then null
        when figures.ljung_box_p < 0.05 then 'newey_west'
        else 'plain'
    end as headline_sharpe_method,
    figures.* exclude (vault_id, period)
from periods
inner join statistics using (vault_id, period)
inner join figures using (vault_id, period)
order by periods.vault_id, periods.period_position
