-- One row per vault with spikes, period and metric: with the spikes and without them.
-- A spike is a jump of marts.jumps that reverts, most likely a bad read. Every metric
-- is computed once more, by the same models, from the price points that are no spikes;
-- a period that starts with a spike starts with the price point before it. A vault that
-- is not here has no spikes, and marts.performance is both.
-- grain: vault_id, period, metric
-- units:
--   count: spikes_count
--   of the metric: value, value_without_spikes
-- columns:
--   vault_id: the vault's id in the config
--   period: as in marts.performance
--   metric: the column of marts.performance
--   value: the figure of marts.performance
--   value_without_spikes: the figure of the price points that are no spikes
--   spikes_count: the vault's spikes, in all its life
--   reason: why value is null
--   reason_without_spikes: why value_without_spikes is null
with

spikes as (

    select
        vault_id,
        count(*) as spikes_count
    from intermediate.jumps
    where kind = 'spike_reverts'
    group by vault_id

),

figures as (

    select
        vault_id,
        period,
        metric,
        value
    from metrics.clean_figures
    unpivot include nulls (
        value for metric in (columns(
            c -> not ends_with(c, '_reason') and c not in ('vault_id', 'period')
        ))
    )

),

reasons as (

    select
        vault_id,
        period,
        regexp_replace(column_name, '_reason$', '') as metric,
        reason
    from metrics.clean_figures
    unpivot (reason for column_name in (columns('_reason$')))

)

select
    vault_id,
    period,
    metric,
    performance.value,
    figures.value as value_without_spikes,
    spikes_count,
    performance.reason,
    reasons.reason as reason_without_spikes
from figures
inner join spikes using (vault_id)
inner join marts.performance_long as performance using (vault_id, period, metric)
left join reasons using (vault_id, period, metric)
