-- One row per vault with a price, period and benchmark: each figure, or why none.
-- grain: vault_id, period, benchmark
-- stored
-- one thread
with

periods as (

    select * from intermediate.periods

),

returns as (

    select * from intermediate.benchmark_returns

),

pairs as (

    select
        periods.*,
        benchmark
    from periods
    cross join staging.benchmark_sources as sources
    where sources.vault_id is distinct from periods.vault_id

),

sums as (

    select
        periods.period_id,
        returns.benchmark,
        count(*) as n,
        min(previous_at) as first_at,
        max(observed_at) as last_at,
        n / (sum(returns.elapsed_seconds) / 31536000) as periods_per_year,
        arg_min(previous_price, observed_at) = 0
            or arg_min(previous_level, observed_at) = 0 as is_from_zero,
        -- of prices, not returns, which stay at a total loss for good
        arg_max(share_price, observed_at)
            / nullif(arg_min(previous_price, observed_at), 0) - 1 as total_return,
        arg_max(level, observed_at)
            / nullif(arg_min(previous_level, observed_at), 0) - 1 as benchmark_return,
        covar_samp(simple_return, benchmark_return) as covariance,
        var_samp(benchmark_return) as variance,
        corr(simple_return, benchmark_return) as correlation,
        avg(simple_return - benchmark_return) as mean_difference,
        stddev_samp(simple_return - benchmark_return) as difference_deviation,
        max(simple_return) - min(simple_return) <= 1e-13 as is_flat,
        max(benchmark_return) - min(benchmark_return) <= 1e-13 as is_benchmark_flat,
        avg(simple_return - risk_free_return) as mean_excess,
        avg(benchmark_return - risk_free_return) as mean_benchmark_excess,
        count(risk_free_return) = n as has_rate,
        count(*) filter (where benchmark_return > 0) as rises,
        count(*) filter (where benchmark_return < 0) as falls,
        product(1 + simple_return) filter (where benchmark_return > 0) - 1 as up_return,
        product(1 + benchmark_return) filter (where benchmark_return > 0) - 1
            as benchmark_up_return,
        product(1 + simple_return) filter (where benchmark_return < 0) - 1
            as down_return,
        product(1 + benchmark_return) filter (where benchmark_return < 0) - 1
            as benchmark_down_return
    from returns
    inner join periods
        on returns.vault_number = periods.vault_number
        and returns.previous_at >= periods.start_at
        and periods.reason is null
    group by periods.period_id, returns.benchmark

),

judged as (

    select
        *,
        coalesce(pairs.reason, case
            when n is null then 'no_benchmark'
            when is_from_zero then 'bad_anchor_price'
        end) as return_reason,
        coalesce(return_reason, case
            when n < 2 then 'insufficient_data'
            when is_benchmark_flat then 'zero_dispersion'
        end) as beta_reason,
        coalesce(return_reason, case
            when n < 2 then 'insufficient_data'
        end) as tracking_reason
    from pairs
    left join sums using (period_id, benchmark)

)

select
    vault_id,
    period,
    period_position,
    benchmark,
    coalesce(n, 0) as returns_count,
    first_at as start_at,
    last_at as end_at,
    case when return_reason is null then total_return end as total_return,
    return_reason as total_return_reason,
    case when return_reason is null then benchmark_return end as benchmark_return,
    return_reason as benchmark_return_reason,
    case when return_reason is null then
        total_return - benchmark_return
    end as excess_return,
    return_reason as excess_return_reason,
    case when beta_reason is null then covariance / variance end as beta,
    beta_reason,
    coalesce(beta_reason, case
        when not has_rate then 'no_risk_free_rate'
    end) as alpha_reason,
    case when alpha_reason is null then
        (mean_excess - covariance / variance * mean_benchmark_excess)
            * periods_per_year
    end as alpha,
    -- of two returns it is 1 or -1, whatever they are
    coalesce(beta_reason, case
        when n < 3 then 'insufficient_data'
        when is_flat then 'zero_dispersion'
    end) as correlation_reason,
    case when correlation_reason is null then correlation end as correlation,
    tracking_reason as tracking_error_reason,
    case when tracking_reason is null then
        difference_deviation * sqrt(periods_per_year)
    end as tracking_error,
    coalesce(tracking_reason, case
        when difference_deviation <= 1e-13 then 'zero_dispersion'
    end) as information_ratio_reason,
    case when information_ratio_reason is null then
        mean_difference / difference_deviation * sqrt(periods_per_year)
    end as information_ratio,
    coalesce(return_reason, case
        when rises = 0 then 'insufficient_data'
    end) as up_capture_reason,
    case when up_capture_reason is null then
        up_return / benchmark_up_return
    end as up_capture,
    coalesce(return_reason, case
        when falls = 0 then 'insufficient_data'
    end) as down_capture_reason,
    case when down_capture_reason is null then
        down_return / benchmark_down_return
    end as down_capture
from judged
