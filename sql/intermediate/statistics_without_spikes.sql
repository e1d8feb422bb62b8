-- One row per vault with spikes and open period: its headline figures without them.
-- A period that starts with a spike starts with the mark before it.
-- grain: vault_id, period
-- stored
-- one thread
with

marks as (

    select * from intermediate.marks_without_spikes

),

spiked as (

    select distinct vault_id from marks

),

periods as (

    select
        vault_id,
        period,
        start_at,
        end_at,
        end_price
    from intermediate.periods
    semi join spiked using (vault_id)
    where reason is null

),

started as (

    select
        periods.*,
        marks.observed_at as clean_start_at,
        marks.share_price as start_price
    from periods
    asof inner join marks
        on periods.vault_id = marks.vault_id and periods.start_at >= marks.observed_at

),

paths as (

    select
        started.vault_id,
        started.period,
        started.start_price,
        started.end_price,
        epoch(started.end_at) - epoch(started.clean_start_at) as elapsed_seconds,
        marks.simple_return,
        marks.share_price / nullif(greatest(
            started.start_price,
            max(marks.share_price) over (
                partition by started.vault_id, started.period
                order by marks.observed_at
                rows unbounded preceding
            )
        ), 0) - 1 as fall
    from started
    inner join marks
        on started.vault_id = marks.vault_id
        and marks.observed_at > started.clean_start_at
        and marks.observed_at <= started.end_at

),

sums as (

    select
        vault_id,
        period,
        start_price,
        end_price,
        elapsed_seconds,
        count(*) as returns_count,
        avg(simple_return) as mean_return,
        stddev_samp(simple_return) as return_deviation,
        max(simple_return) - min(simple_return) <= 1e-13 as is_without_dispersion,
        min(fall) as deepest_fall
    from paths
    group by vault_id, period, start_price, end_price, elapsed_seconds

)

select
    vault_id,
    period,
    returns_count,
    returns_count / (elapsed_seconds / 31536000) as periods_per_year,
    case when start_price > 0 then end_price / start_price - 1 end as total_return,
    case when start_price > 0
        then (end_price / start_price) ^ (31536000 / elapsed_seconds) - 1
    end as apy,
    return_deviation * sqrt(periods_per_year) as volatility,
    is_without_dispersion,
    case when not is_without_dispersion then
        mean_return / return_deviation * sqrt(periods_per_year)
    end as sharpe_ratio_zero,
    case when deepest_fall < -1e-12 then deepest_fall else 0 end as max_drawdown
from sums
