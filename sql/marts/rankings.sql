-- One row per vault with a price point, period and ranking: its place if eligible.
-- A vault that nobody could have had the figure of, or can have it of today, has no
-- place: its price is not backed or not paid, grows implausibly, or ended. It stays in
-- the table with the reason, so that whoever counts only survivors can see it.
-- A Calmar ratio without a drawdown is above every other where the price rose; where it
-- stood still there is neither gain nor loss to compare.
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
--   place: 1 for the best of those eligible; equal figures share it; null where the
--     vault is not eligible or the metric undefined, but for a Calmar ratio without a
--     drawdown and with a gain
--   vault_id: the vault's id in the config
--   value: the vault's figure of the metric ranked by
--   reason: why value is null
--   is_eligible: whether it may have a place
--   ineligible_reason: the gravest reason why not, as in marts.ineligibilities; or
--     few_returns: fewer than the threshold least_returns, for a ratio
--   ranked_count: vaults that have a place
--   deflated_sharpe: probability that its Sharpe ratio is not the luck of so many
--   status: as in marts.vaults
--   elapsed_days: days that the figure is made of
--   returns_count: returns that it is made of
--   ended_on: day of the last price of a vault that is stale, or of the first of the
--     zeros that a closed one ends with
with

performance as (

    select
        *,
        total_return > 0 as is_gain
    from marts.performance
    where period in ('itd', '365d', '90d', '30d')

),

figures as (

    select
        vault_id,
        period,
        elapsed_days,
        returns_count,
        deflated_sharpe,
        is_gain,
        ranking,
        value
    from performance
    unpivot include nulls (
        value for ranking in (
            apy, headline_sharpe, sortino_ratio, calmar_ratio, max_drawdown,
            total_return
        )
    )

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

),

gravest as (

    select
        vault_id,
        arg_min(ineligible_reason, reason_position) as gravest_reason
    from marts.ineligibilities
    group by vault_id

),

limits as (

    select * from staging.thresholds

),

judged as (

    select
        figures.*,
        reason,
        vaults.status,
        case vaults.status
            when 'closed' then make_timestamp(epoch_us(vaults.last_change_at))::date
            when 'stale' then make_timestamp(epoch_us(vaults.last_at))::date
        end as ended_on,
        coalesce(
            gravest_reason,
            case
                when ranking in ('headline_sharpe', 'sortino_ratio', 'calmar_ratio')
                    and returns_count < least_returns
                    then 'few_returns'
            end
        ) as ineligible_reason,
        case
            when ineligible_reason is not null then null
            when ranking = 'calmar_ratio' and reason = 'no_drawdown' and is_gain
                then 'infinity'::double
            else value
        end as score
    from figures
    left join reasons using (vault_id, period, ranking)
    inner join vaults using (vault_id)
    left join gravest using (vault_id)
    cross join limits

)

select
    period,
    ranking,
    case when score is not null then
        rank() over (
            partition by period, ranking order by score desc nulls last
        )
    end as place,
    vault_id,
    value,
    reason,
    ineligible_reason is null as is_eligible,
    ineligible_reason,
    count(score) over (partition by period, ranking) as ranked_count,
    deflated_sharpe,
    status,
    elapsed_days,
    returns_count,
    ended_on
from judged
order by period, ranking, place nulls last, vault_id
