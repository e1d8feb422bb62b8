-- One row per vault with a price point, period and ranking: its place among all vaults.
-- Vaults that ended stay in the table, with the day of their last price: leaving them
-- out would make the survivors look better than the choice was.
-- grain: period, ranking, vault_id
-- units:
--   probability: deflated_sharpe
--   days: elapsed_days
--   count: ranked_count, returns_count
--   place: place
--   of the metric: value
-- columns:
--   period: itd, 365d, 90d or 30d, as in marts.performance
--   ranking: the metric ranked by: apy, headline_sharpe, sortino_ratio, calmar_ratio,
--     max_drawdown or total_return
--   place: 1 for the best; equal figures share it; null where the metric is undefined
--   vault_id: the vault's id in the config
--   value: the vault's figure of the metric ranked by
--   reason: why value is null
--   ranked_count: vaults that have a place
--   deflated_sharpe: probability that its Sharpe ratio is not the luck of so many
--   status: as in marts.vaults
--   elapsed_days: days that the figure is made of
--   returns_count: returns that it is made of
--   ended_on: day of the last price of a vault that is stale, or of the first of the
--     zeros that a closed one ends with
with

figures as (

    select
        vault_id,
        period,
        elapsed_days,
        returns_count,
        deflated_sharpe,
        ranking,
        value
    from marts.performance
    unpivot include nulls (
        value for ranking in (
            apy, headline_sharpe, sortino_ratio, calmar_ratio, max_drawdown,
            total_return
        )
    )
    where period in ('itd', '365d', '90d', '30d')

),

reasons as (

    select
        vault_id,
        period,
        metric as ranking,
        reason
    from marts.performance_reasons

),

vaults as (

    select * from marts.vaults

)

select
    period,
    ranking,
    case when value is not null then
        rank() over (
            partition by period, ranking order by value desc nulls last
        )
    end as place,
    vault_id,
    value,
    reason,
    count(value) over (partition by period, ranking) as ranked_count,
    deflated_sharpe,
    vaults.status,
    elapsed_days,
    returns_count,
    case vaults.status
        when 'closed' then make_timestamp(epoch_us(vaults.last_change_at))::date
        when 'stale' then make_timestamp(epoch_us(vaults.last_at))::date
    end as ended_on
from figures
left join reasons using (vault_id, period, ranking)
inner join vaults using (vault_id)
order by period, ranking, place nulls last, vault_id
