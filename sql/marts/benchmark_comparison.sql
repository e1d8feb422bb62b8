-- One row per vault with a price, period and benchmark: how the vault did against it.
-- Made of the days on which both have a value; marts.benchmark_reasons says why a
-- figure is undefined. A vault is not compared with itself.
-- grain: vault_id, period, benchmark
-- units:
--   fraction: total_return, benchmark_return, excess_return
--   fraction per year: alpha, tracking_error
--   ratio: beta, correlation, information_ratio, up_capture, down_capture
--   count: returns_count
--   place: period_position
-- columns:
--   vault_id: the vault's id in the config
--   period: as in marts.performance
--   period_position: order of the periods, from 1
--   benchmark: as in marts.benchmarks
--   returns_count: returns between days on which both have a value
--   start_at: the price point the first of them starts from
--   end_at: the price point the last of them leads to
--   total_return: the vault's return over these days
--   benchmark_return: the benchmark's return over the same days
--   excess_return: total_return - benchmark_return: the vault's return over the
--     benchmark's
--   beta: covariance of the vault's and the benchmark's returns / variance of the
--     benchmark's
--   alpha: (mean(r - rf) - beta * mean(b - rf)) * periods per year; r are the vault's
--     returns, b the benchmark's, rf the risk-free ones; arithmetic
--   correlation: of the vault's returns with the benchmark's, from -1 to 1
--   tracking_error: sample deviation of the vault's returns less the benchmark's,
--     annualised
--   information_ratio: mean of the vault's returns less the benchmark's / their
--     deviation, annualised
--   up_capture: the vault's return over the benchmark's where the benchmark rose
--   down_capture: the vault's return over the benchmark's where the benchmark fell;
--     below 1 the vault fell less
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
