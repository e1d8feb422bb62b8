-- One row per vault with a mark and period: every metric, null where it is undefined.
-- Each metric's own file says what it is; marts.metric_definitions lists them.
-- grain: vault_id, period
-- columns:
--   vault_id: the vault's id in the config
--   period: 1d, 7d, 30d, 90d, 180d, 365d, mtd, qtd, ytd, or itd: since inception
--   period_position: order in which reports show it
--   start_at: the mark the period starts from; null if there is none
--   end_at: the last mark
--   elapsed_days: true time between the two, in days
--   is_partial: whether the vault is younger than its calendar period
--   returns_count: returns the figures are made of; 0 where the period has a reason
--   headline_sharpe_method: which ratio headline_sharpe is: newey_west or plain
with

periods as (

    select * from intermediate.periods

),

statistics as (

    select * from intermediate.period_statistics

),

-- in the order in which reports show them
figures as (

    select *
    from marts.performance_long
    pivot (
        any_value(value) for metric in (
            'total_return', 'apy', 'apr',
            'best_month', 'worst_month', 'best_day', 'worst_day',
            'volatility', 'headline_sharpe', 'sharpe_ratio_zero', 'sharpe_ratio',
            'sharpe_standard_error', 'sharpe_low', 'sharpe_high',
            'probabilistic_sharpe', 'deflated_sharpe', 'minimum_track_record_days',
            'newey_west_sharpe', 'lo_sharpe', 'geltner_sharpe', 'smoothing_factor',
            'autocorrelation_1', 'autocorrelation_2', 'autocorrelation_6',
            'ljung_box_p',
            'downside_deviation', 'sortino_ratio', 'omega_ratio', 'kappa_3',
            'upside_potential_ratio', 'gain_to_pain',
            'max_drawdown', 'current_drawdown', 'average_drawdown',
            'drawdown_deviation', 'longest_drawdown_days', 'time_under_water',
            'ulcer_index', 'pain_index', 'calmar_ratio', 'sterling_ratio',
            'martin_ratio', 'pain_ratio', 'burke_ratio',
            'value_at_risk_95', 'expected_shortfall_95',
            'value_at_risk_99', 'expected_shortfall_99',
            'value_at_risk_95_gaussian', 'expected_shortfall_95_gaussian',
            'value_at_risk_95_cornish_fisher', 'tail_ratio',
            'skewness', 'excess_kurtosis', 'mean_absolute_deviation',
            'win_rate', 'gains_count', 'losses_count', 'zero_return_share',
            'longest_winning_streak', 'longest_losing_streak',
            'profit_factor', 'payoff_ratio'
        )
        group by vault_id, period
    )

)

select
    periods.vault_id,
    periods.period,
    periods.period_position,
    periods.start_at,
    periods.end_at,
    periods.elapsed_seconds / 86400 as elapsed_days,
    periods.is_partial,
    statistics.returns_count,
    case
        when headline_sharpe is null then null
        when ljung_box_p < 0.05 then 'newey_west'
        else 'plain'
    end as headline_sharpe_method,
    figures.* exclude (vault_id, period)
from periods
inner join statistics using (vault_id, period)
inner join figures using (vault_id, period)
order by periods.vault_id, periods.period_position
