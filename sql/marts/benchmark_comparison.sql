-- One row per vault with a price, period and benchmark: how the vault did against it.
-- Made of the days on which both have a value; marts.benchmark_reasons says why a
-- figure is undefined. A vault is not compared with itself.
-- grain: vault_id, period, benchmark
-- columns:
--   vault_id: the vault's id in the config
--   period: as in marts.performance
--   period_position: order of the periods, from 1
--   benchmark: as in marts.benchmarks
--   returns_count: returns between days that both have
--   start_at: the price point the first of them starts from
--   end_at: the price point the last of them leads to
--   total_return: the vault's over these days
--   benchmark_return: the benchmark's over the same
--   excess_return: total_return - benchmark_return
--   beta: covariance of the returns / variance of the benchmark's
--   alpha: (mean(r - rf) - beta * mean(b - rf)) * periods per year; arithmetic
--   correlation: of the returns, from -1 to 1
--   tracking_error: sample deviation of r - b, annualised
--   information_ratio: mean(r - b) / deviation of r - b, annualised
--   up_capture: the vault's return over the benchmark's where the benchmark rose
--   down_capture: the same where it fell; below 1 the vault fell less
select
    vault_id,
    period,
    period_position,
    benchmark,
    returns_count,
    start_at,
    end_at,
    total_return,
    benchmark_return,
    excess_return,
    beta,
    alpha,
    correlation,
    tracking_error,
    information_ratio,
    up_capture,
    down_capture
from intermediate.benchmark_figures
order by vault_id, benchmark, period_position
