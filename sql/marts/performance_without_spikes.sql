-- One row per vault, period and headline figure: with the spikes and without them.
-- A spike is a jump of marts.jumps that reverts, most likely a bad read. Where a vault
-- has none, both figures are the same.
-- grain: vault_id, period, metric
-- columns:
--   vault_id: the vault's id in the config
--   period: as in marts.performance
--   metric: total_return, apy, volatility, sharpe_ratio_zero or max_drawdown
--   value: the figure of marts.performance
--   value_without_spikes: the same of the marks that are no spikes
--   spikes_count: the vault's spikes, in all its life
--   reason: why value is null
--   reason_without_spikes: why value_without_spikes is null
with

figures as (

    select
        vault_id,
        period,
        metric,
        figure
    from marts.performance
    unpivot include nulls (
        figure for metric in (
            total_return, apy, volatility, sharpe_ratio_zero, max_drawdown
        )
    )

),

reasons as (

    select * from marts.performance_reasons

),

spikes as (

    select
        vault_id,
        count(*) as spikes_count
    from intermediate.jumps
    where kind = 'spike_reverts'
    group by vault_id

),

clean_figures as (

    select
        vault_id,
        period,
        returns_count,
        is_without_dispersion,
        metric,
        clean_figure
    from intermediate.statistics_without_spikes
    unpivot include nulls (
        clean_figure for metric in (
            total_return, apy, volatility, sharpe_ratio_zero, max_drawdown
        )
    )

),

joined as (

    select
        figures.vault_id,
        figures.period,
        figures.metric,
        figure,
        reasons.reason,
        coalesce(spikes_count, 0) as spikes_count,
        case
            when spikes_count is null then reasons.reason
            -- a period that is not open has the reason of the figure with spikes
            when clean_figures.vault_id is null
                then coalesce(reasons.reason, 'insufficient_data')
            when isfinite(clean_figure) then null
            when clean_figure is not null then 'out_of_range'
            when metric in ('volatility', 'sharpe_ratio_zero') and returns_count < 2
                then 'insufficient_data'
            when metric = 'sharpe_ratio_zero' then 'zero_dispersion'
            else 'bad_anchor_price'
        end as clean_reason,
        clean_figure
    from figures
    left join reasons using (vault_id, period, metric)
    left join spikes using (vault_id)
    left join clean_figures using (vault_id, period, metric)

)

select
    vault_id,
    period,
    metric,
    figure as value,
    case
        when clean_reason is not null then null
        when spikes_count = 0 then figure
        else clean_figure
    end as value_without_spikes,
    spikes_count,
    reason,
    clean_reason as reason_without_spikes
from joined
