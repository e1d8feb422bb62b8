-- Performance of a vault from the end of one day to the end of another.
-- arguments: vault, from_day, to_day
-- example: select * from marts.performance_between('alusd', '2025-07-01', '2025-08-01')
-- each end is the last price point of its day or before it; one row. reason says why
-- there is nothing, as where the record does not reach back to from_day; ratio_reason,
-- in the order of the columns, why the rate, volatility and each ratio alone are null
with

prices as (

    select
        observed_at,
        share_price,
        price_date > from_day::date as is_inside
    from marts.share_prices
    where vault_id = vault and price_date <= to_day::date

),

bounds as (

    select
        max(observed_at) filter (where not is_inside) as start_at,
        arg_max(share_price, observed_at) filter (where not is_inside) as start_price,
        max(observed_at) as end_at,
        arg_max(share_price, observed_at) as end_price
    from prices

),

path as (

    select
        observed_at,
        share_price / nullif(max(share_price) over (
            order by observed_at rows unbounded preceding
        ), 0) - 1 as drawdown
    from prices
    where observed_at >= (select start_at from bounds)

),

returns as (

    select
        count(*) as returns_count,
        avg(simple_return) as mean_return,
        stddev_samp(simple_return) as deviation,
        sqrt(avg(least(simple_return, 0) ^ 2)) as downside,
        min(simple_return) as worst_day,
        max(simple_return) as best_day
    from marts.returns
    where vault_id = vault
        and previous_at >= (select start_at from bounds)
        and observed_at <= (select end_at from bounds)

),

measured as (

    select
        *,
        (select min(drawdown) from path) as deepest,
        (epoch_us(end_at) - epoch_us(start_at)) / 86400e6 as elapsed_days,
        returns_count * 365 / nullif(elapsed_days, 0) as periods_per_year,
        case
            when end_at is null then 'insufficient_data'
            when start_at is null then 'no_anchor'
            when start_at = end_at then 'no_price_in_period'
            when start_price = 0 then 'bad_anchor_price'
        end as reason,
        (end_price / nullif(start_price, 0)) ^ (365 / nullif(elapsed_days, 0)) - 1
            as rate
    from bounds
    cross join returns

),

judged as (

    select
        *,
        case when not isfinite(rate) then 'out_of_range' end as rate_reason,
        case when returns_count < 2 then 'insufficient_data' end as volatility_reason,
        coalesce(volatility_reason, case
            when best_day - worst_day <= 1e-13 then 'zero_dispersion'
        end) as sharpe_reason,
        coalesce(volatility_reason, case
            when worst_day >= 0 then 'no_downside'
        end) as sortino_reason
    from measured

)

select
    vault as vault_id,
    start_at,
    end_at,
    elapsed_days,
    returns_count,
    case when reason is null then end_price / start_price - 1 end as total_return,
    case when reason is null and rate_reason is null then rate end as apy,
    case when reason is null then deviation * sqrt(periods_per_year) end as volatility,
    case when reason is null and sharpe_reason is null then
        mean_return / deviation * sqrt(periods_per_year)
    end as sharpe_ratio_zero,
    case when reason is null and sortino_reason is null then
        mean_return / downside * sqrt(periods_per_year)
    end as sortino_ratio,
    case
        when reason is not null then null
        when deepest < -1e-12 then deepest
        else 0
    end as max_drawdown,
    case when reason is null then best_day end as best_day,
    case when reason is null then worst_day end as worst_day,
    reason,
    case when reason is null then {
        'apy': rate_reason,
        'volatility': volatility_reason,
        'sharpe_ratio_zero': sharpe_reason,
        'sortino_ratio': sortino_reason
    } end as ratio_reason
from judged
