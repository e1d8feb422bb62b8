-- A metric over each window of so many days that ends with a price point of a vault.
-- arguments: vault, metric, days
-- example: select * from marts.rolling_metric('alusd', 'volatility', 14)
-- metric: total_return, apy, volatility, sharpe_ratio_zero, sortino_ratio, max_drawdown
-- or win_rate. A window starts with the last price point at or before its length;
-- reason says why value is null: no_anchor until there is such a price point,
-- anchor_stale where it is over a tenth (or a day) older, and those of the metric
with

points as (

    select
        prices.observed_at,
        prices.share_price,
        returns.simple_return
    from marts.share_prices as prices
    left join marts.returns
        on prices.vault_id = returns.vault_id
        and prices.observed_at = returns.observed_at
    where prices.vault_id = vault

),

windows as (

    select
        ends.observed_at,
        ends.share_price,
        max(starts.observed_at) as start_at,
        arg_max(starts.share_price, starts.observed_at) as start_price
    from points as ends
    left join points as starts
        on epoch_us(starts.observed_at) <= epoch_us(ends.observed_at) - days * 86400e6
    group by ends.observed_at, ends.share_price

),

paths as (

    select
        windows.observed_at,
        points.simple_return,
        points.observed_at > windows.start_at as is_return,
        points.share_price / nullif(max(points.share_price) over (
            partition by windows.observed_at
            order by points.observed_at rows unbounded preceding
        ), 0) - 1 as drawdown
    from windows
    inner join points
        on points.observed_at between windows.start_at and windows.observed_at

),

sums as (

    select
        observed_at,
        count(*) filter (where is_return) as n,
        avg(simple_return) filter (where is_return) as mean,
        stddev_samp(simple_return) filter (where is_return) as deviation,
        max(simple_return) filter (where is_return)
            - min(simple_return) filter (where is_return) as spread,
        sqrt(avg(least(simple_return, 0) ^ 2) filter (where is_return)) as downside,
        avg((simple_return > 0)::integer) filter (where is_return) as win_rate,
        min(drawdown) as deepest
    from paths
    group by observed_at

),

measured as (

    select
        *,
        (epoch_us(observed_at) - epoch_us(start_at)) / 86400e6 as elapsed_days,
        case
            when days < 1 then error('a window has at least one day')
            when start_at is null then 'no_anchor'
            when elapsed_days > days + greatest(1, days / 10) then 'anchor_stale'
            when start_price = 0 then 'bad_anchor_price'
        end as window_reason
    from windows
    left join sums using (observed_at)

),

valued as (

    select
        *,
        case metric
            when 'total_return' then share_price / start_price - 1
            when 'apy' then (share_price / start_price) ^ (365 / elapsed_days) - 1
            when 'volatility' then deviation * sqrt(n * 365 / elapsed_days)
            when 'sharpe_ratio_zero' then
                if(spread > 1e-13, mean / deviation, null)
                    * sqrt(n * 365 / elapsed_days)
            when 'sortino_ratio' then
                mean / nullif(downside, 0) * sqrt(n * 365 / elapsed_days)
            when 'max_drawdown' then if(deepest < -1e-12, deepest, 0)
            when 'win_rate' then win_rate
            else error(
                metric || ' does not roll: take total_return, apy, volatility, '
                || 'sharpe_ratio_zero, sortino_ratio, max_drawdown or win_rate'
            )
        end as figure
    from measured

)

select
    observed_at,
    start_at,
    case when window_reason is null and isfinite(figure) then figure end as value,
    coalesce(window_reason, case
        when isfinite(figure) then null
        when figure is not null then 'out_of_range'
        when n < 2 then 'insufficient_data'
        when metric = 'sortino_ratio' then 'no_downside'
        else 'zero_dispersion'
    end) as reason
from valued
order by observed_at
