-- One row per vault with a price point and period, with its spikes or without: every figure.
-- unsound_reason names the metrics with both a value and a reason, or with neither.
-- grain: vault_id, period, is_clean
-- stored
-- generated from the metrics by make golden
with

period_statistics_rows as materialized (

    select
        *,
        false as is_clean
    from intermediate.period_statistics
    union all
    select
        *,
        true as is_clean
    from intermediate.clean_period_statistics

),

of_period_statistics as (

    select
        vault_id,
        period,
        is_clean,
        total_return_reason,
        case when total_return_reason is null then
            end_price / start_price - 1
        end as total_return,
        apy_reason,
        case when apy_reason is null then growth_per_year - 1 end as apy,
        apr_reason,
        case when apr_reason is null then
            (end_price / start_price - 1) * 31536000 / elapsed_seconds
        end as apr,
        best_day_reason,
        case when best_day_reason is null then
            highest_return
        end as best_day,
        worst_day_reason,
        case when worst_day_reason is null then
            lowest_return
        end as worst_day,
        volatility_reason,
        case when volatility_reason is null then
            return_deviation * sqrt(periods_per_year)
        end as volatility,
        sharpe_ratio_zero_reason,
        case when sharpe_ratio_zero_reason is null then
            mean_return / return_deviation * sqrt(periods_per_year)
        end as sharpe_ratio_zero,
        sharpe_ratio_reason,
        case when sharpe_ratio_reason is null then
            mean_excess_return / excess_return_deviation
                * sqrt(periods_per_year)
        end as sharpe_ratio,
        sharpe_standard_error_reason,
        case when sharpe_standard_error_reason is null then
            sqrt(sharpe_bracket / (returns_count - 1)) * sqrt(periods_per_year)
        end as sharpe_standard_error,
        sharpe_ci95_lower_reason,
        case when sharpe_ci95_lower_reason is null then
            (
                sharpe_per_return
                - 1.959963984540054e0 * sqrt(sharpe_bracket / (returns_count - 1))
            ) * sqrt(periods_per_year)
        end as sharpe_ci95_lower,
        sharpe_ci95_upper_reason,
        case when sharpe_ci95_upper_reason is null then
            (
                sharpe_per_return
                + 1.959963984540054e0 * sqrt(sharpe_bracket / (returns_count - 1))
            ) * sqrt(periods_per_year)
        end as sharpe_ci95_upper,
        probabilistic_sharpe_reason,
        case when probabilistic_sharpe_reason is null then
            intermediate.normal_cdf(
                sharpe_per_return / sqrt(sharpe_bracket / (returns_count - 1))
            )
        end as probabilistic_sharpe,
        minimum_track_record_days_reason,
        case when minimum_track_record_days_reason is null then
            (
                1 + sharpe_bracket * (1.6448536269514722e0 / sharpe_per_return) ^ 2
            ) * 365 / periods_per_year
        end as minimum_track_record_days,
        downside_deviation_reason,
        case when downside_deviation_reason is null then
            sqrt(sum_of_squared_losses / returns_count) * sqrt(periods_per_year)
        end as downside_deviation,
        sortino_ratio_reason,
        case when sortino_ratio_reason is null then
            mean_return / sqrt(sum_of_squared_losses / returns_count)
                * sqrt(periods_per_year)
        end as sortino_ratio,
        omega_ratio_reason,
        case when omega_ratio_reason is null then
            sum_of_gains / sum_of_losses
        end as omega_ratio,
        kappa_3_reason,
        case when kappa_3_reason is null then
            mean_return / (sum_of_cubed_losses / returns_count) ^ (1 / 3)
        end as kappa_3,
        upside_potential_ratio_reason,
        case when upside_potential_ratio_reason is null then
            sum_of_gains / returns_count
                / sqrt(sum_of_squared_losses / returns_count)
        end as upside_potential_ratio,
        gain_to_pain_reason,
        case when gain_to_pain_reason is null then
            (sum_of_gains - sum_of_losses) / sum_of_losses
        end as gain_to_pain,
        value_at_risk_95_gaussian_reason,
        case when value_at_risk_95_gaussian_reason is null then
            mean_return - 1.6448536269514722e0 * population_deviation
        end as value_at_risk_95_gaussian,
        expected_shortfall_95_gaussian_reason,
        case when expected_shortfall_95_gaussian_reason is null then
            mean_return - 2.0627128075074257e0 * population_deviation
        end as expected_shortfall_95_gaussian,
        value_at_risk_95_cornish_fisher_reason,
        case when value_at_risk_95_cornish_fisher_reason is null then
            mean_return + population_deviation * (
                value_at_risk_95_cornish_fisher_z
                + (value_at_risk_95_cornish_fisher_z ^ 2 - 1) * value_at_risk_95_cornish_fisher_g / 6
                + (value_at_risk_95_cornish_fisher_z ^ 3 - 3 * value_at_risk_95_cornish_fisher_z) * value_at_risk_95_cornish_fisher_k / 24
                - (2 * value_at_risk_95_cornish_fisher_z ^ 3 - 5 * value_at_risk_95_cornish_fisher_z) * value_at_risk_95_cornish_fisher_g ^ 2 / 36
            )
        end as value_at_risk_95_cornish_fisher,
        skewness_reason,
        case when skewness_reason is null then
            sqrt(returns_count * (returns_count - 1)) / (returns_count - 2)
                * population_skewness
        end as skewness,
        excess_kurtosis_reason,
        case when excess_kurtosis_reason is null then
            (returns_count - 1) / ((returns_count - 2) * (returns_count - 3))
                * ((returns_count + 1) * (population_kurtosis - 3) + 6)
        end as excess_kurtosis,
        mean_absolute_deviation_reason,
        case when mean_absolute_deviation_reason is null then
            mean_absolute_deviation
        end as mean_absolute_deviation,
        win_rate_reason,
        case when win_rate_reason is null then
            gains_count / returns_count
        end as win_rate,
        gains_count_reason,
        case when gains_count_reason is null then
            gains_count::double
        end as gains_count,
        losses_count_reason,
        case when losses_count_reason is null then
            losses_count::double
        end as losses_count,
        zero_return_share_reason,
        case when zero_return_share_reason is null then
            zeros_count / returns_count
        end as zero_return_share,
        profit_factor_reason,
        case when profit_factor_reason is null then
            sum_of_gains / sum_of_losses
        end as profit_factor,
        payoff_ratio_reason,
        case when payoff_ratio_reason is null then
            sum_of_gains / gains_count / (sum_of_losses / losses_count)
        end as payoff_ratio
    from (
        select
            *,
            period_reason as total_return_reason,
            coalesce(period_reason, case
                when not isfinite(growth_per_year) then 'out_of_range'
            end) as apy_reason,
            period_reason as apr_reason,
            period_reason as best_day_reason,
            period_reason as worst_day_reason,
            coalesce(period_reason, case
                when returns_count < 2 then 'insufficient_data'
            end) as volatility_reason,
            coalesce(period_reason, case
                when returns_count < 2 then 'insufficient_data'
                when is_without_dispersion then 'zero_dispersion'
            end) as sharpe_ratio_zero_reason,
            coalesce(period_reason, case
                when returns_count < 2 then 'insufficient_data'
                when mean_excess_return is null then 'no_risk_free_rate'
                -- a vault that pays the very rate leaves rounding to divide by
                when is_without_dispersion or excess_return_deviation <= 1e-13
                    then 'zero_dispersion'
            end) as sharpe_ratio_reason,
            coalesce(period_reason, case
                when returns_count < 2 then 'insufficient_data'
                when is_without_dispersion then 'zero_dispersion'
                when sharpe_bracket <= 0 then 'variance_not_positive'
            end) as sharpe_standard_error_reason,
            coalesce(period_reason, case
                when returns_count < 2 then 'insufficient_data'
                when is_without_dispersion then 'zero_dispersion'
                when sharpe_bracket <= 0 then 'variance_not_positive'
            end) as sharpe_ci95_lower_reason,
            coalesce(period_reason, case
                when returns_count < 2 then 'insufficient_data'
                when is_without_dispersion then 'zero_dispersion'
                when sharpe_bracket <= 0 then 'variance_not_positive'
            end) as sharpe_ci95_upper_reason,
            coalesce(period_reason, case
                when returns_count < 2 then 'insufficient_data'
                when is_without_dispersion then 'zero_dispersion'
                when sharpe_bracket <= 0 then 'variance_not_positive'
            end) as probabilistic_sharpe_reason,
            coalesce(period_reason, case
                when returns_count < 2 then 'insufficient_data'
                when is_without_dispersion then 'zero_dispersion'
                when sharpe_bracket <= 0 then 'variance_not_positive'
                when sharpe_per_return <= 0 then 'sharpe_not_positive'
            end) as minimum_track_record_days_reason,
            period_reason as downside_deviation_reason,
            coalesce(period_reason, case
                when losses_count = 0 then 'no_downside'
            end) as sortino_ratio_reason,
            coalesce(period_reason, case
                when losses_count = 0 then 'no_downside'
            end) as omega_ratio_reason,
            coalesce(period_reason, case
                when losses_count = 0 then 'no_downside'
            end) as kappa_3_reason,
            coalesce(period_reason, case
                when losses_count = 0 then 'no_downside'
            end) as upside_potential_ratio_reason,
            coalesce(period_reason, case
                when losses_count = 0 then 'no_downside'
            end) as gain_to_pain_reason,
            coalesce(period_reason, case
                when returns_count < 2 then 'insufficient_data'
            end) as value_at_risk_95_gaussian_reason,
            coalesce(period_reason, case
                when returns_count < 2 then 'insufficient_data'
            end) as expected_shortfall_95_gaussian_reason,
            coalesce(period_reason, case
                when returns_count < 2 then 'insufficient_data'
                when is_without_dispersion then 'zero_dispersion'
                when not value_at_risk_95_cornish_fisher_is_in_domain then 'outside_cf_domain'
            end) as value_at_risk_95_cornish_fisher_reason,
            coalesce(period_reason, case
                when returns_count < 3 then 'insufficient_data'
                when is_without_dispersion then 'zero_dispersion'
            end) as skewness_reason,
            coalesce(period_reason, case
                when returns_count < 4 then 'insufficient_data'
                when is_without_dispersion then 'zero_dispersion'
            end) as excess_kurtosis_reason,
            period_reason as mean_absolute_deviation_reason,
            period_reason as win_rate_reason,
            period_reason as gains_count_reason,
            period_reason as losses_count_reason,
            period_reason as zero_return_share_reason,
            coalesce(period_reason, case
                when losses_count = 0 then 'no_downside'
            end) as profit_factor_reason,
            coalesce(period_reason, case
                when losses_count = 0 then 'no_downside'
                when gains_count = 0 then 'zero_denominator'
            end) as payoff_ratio_reason
        from (
            select
                *,
                value_at_risk_95_cornish_fisher_g ^ 2 / 9
                    - 4 * (value_at_risk_95_cornish_fisher_k / 8 - value_at_risk_95_cornish_fisher_g ^ 2 / 6) * (1 - value_at_risk_95_cornish_fisher_k / 8 + 5 * value_at_risk_95_cornish_fisher_g ^ 2 / 36) <= 0 as value_at_risk_95_cornish_fisher_is_in_domain
            from (
                select
                    *,
                    -1.6448536269514722e0 as value_at_risk_95_cornish_fisher_z,
                    population_skewness as value_at_risk_95_cornish_fisher_g,
                    population_kurtosis - 3 as value_at_risk_95_cornish_fisher_k
                from period_statistics_rows
            )
        )
    )

),

period_months_rows as materialized (

    select
        *,
        false as is_clean
    from intermediate.period_months
    union all
    select
        *,
        true as is_clean
    from intermediate.clean_period_months

),

of_period_months as (

    select
        vault_id,
        period,
        is_clean,
        best_month_reason,
        best_month as best_month,
        worst_month_reason,
        worst_month as worst_month
    from (
        select
            *,
            reason as best_month_reason,
            reason as worst_month_reason
        from period_months_rows
    )

),

deflated_sharpe_rows as materialized (

    select
        *,
        false as is_clean
    from metrics.deflated_sharpe
    union all
    select
        *,
        true as is_clean
    from intermediate.clean_deflated_sharpe

),

of_deflated_sharpe as (

    select
        vault_id,
        period,
        is_clean,
        deflated_sharpe_reason,
        value as deflated_sharpe
    from (
        select
            *,
            reason as deflated_sharpe_reason
        from deflated_sharpe_rows
    )

),

period_autocovariances_rows as materialized (

    select
        *,
        false as is_clean
    from intermediate.period_autocovariances
    union all
    select
        *,
        true as is_clean
    from intermediate.clean_period_autocovariances

),

of_period_autocovariances as (

    select
        vault_id,
        period,
        is_clean,
        newey_west_sharpe_reason,
        case when newey_west_sharpe_reason is null then
            mean_return / sqrt(long_run_variance) * sqrt(periods_per_year)
        end as newey_west_sharpe,
        lo_sharpe_reason,
        case when lo_sharpe_reason is null then
            sharpe_per_return * periods_per_year / sqrt(lo_sharpe_scaled_variance)
        end as lo_sharpe,
        geltner_sharpe_reason,
        case when geltner_sharpe_reason is null then
            geltner_sharpe_mean / sqrt(geltner_sharpe_variance) * sqrt(periods_per_year)
        end as geltner_sharpe,
        smoothing_factor_reason,
        case when smoothing_factor_reason is null then
            sqrt(long_run_variance) / return_deviation
        end as smoothing_factor,
        autocorrelation_1_reason,
        case when autocorrelation_1_reason is null then
            autocovariances[2] / autocovariances[1]
        end as autocorrelation_1,
        autocorrelation_2_reason,
        case when autocorrelation_2_reason is null then
            autocovariances[3] / autocovariances[1]
        end as autocorrelation_2,
        autocorrelation_6_reason,
        case when autocorrelation_6_reason is null then
            autocovariances[7] / autocovariances[1]
        end as autocorrelation_6,
        ljung_box_p_reason,
        case when ljung_box_p_reason is null then
            exp(-ljung_box_p_half) * (1 + ljung_box_p_half + ljung_box_p_half ^ 2 / 2)
        end as ljung_box_p
    from (
        select
            *,
            coalesce(period_reason, case
                when returns_count < 2 then 'insufficient_data'
                when is_without_dispersion then 'zero_dispersion'
                when returns_count <= 2 * lags then 'insufficient_data'
                when long_run_variance <= 0 then 'variance_not_positive'
            end) as newey_west_sharpe_reason,
            coalesce(period_reason, case
                when returns_count < 2 then 'insufficient_data'
                when is_without_dispersion then 'zero_dispersion'
                when returns_count <= 2 * lags then 'insufficient_data'
                when lo_sharpe_scaled_variance <= 0 then 'variance_not_positive'
            end) as lo_sharpe_reason,
            coalesce(period_reason, case
                when returns_count < 3 then 'insufficient_data'
                when is_without_dispersion then 'zero_dispersion'
                when abs(geltner_sharpe_correlation) >= 1 or geltner_sharpe_variance <= 0 then 'variance_not_positive'
            end) as geltner_sharpe_reason,
            coalesce(period_reason, case
                when returns_count < 2 then 'insufficient_data'
                when is_without_dispersion then 'zero_dispersion'
                when returns_count <= 2 * lags then 'insufficient_data'
                when long_run_variance <= 0 then 'variance_not_positive'
            end) as smoothing_factor_reason,
            coalesce(period_reason, case
                when returns_count <= 1 then 'insufficient_data'
                when is_without_dispersion then 'zero_dispersion'
            end) as autocorrelation_1_reason,
            coalesce(period_reason, case
                when returns_count <= 2 then 'insufficient_data'
                when is_without_dispersion then 'zero_dispersion'
            end) as autocorrelation_2_reason,
            coalesce(period_reason, case
                when returns_count <= 6 then 'insufficient_data'
                when is_without_dispersion then 'zero_dispersion'
            end) as autocorrelation_6_reason,
            coalesce(period_reason, case
                when returns_count <= 6 then 'insufficient_data'
                when is_without_dispersion then 'zero_dispersion'
            end) as ljung_box_p_reason
        from (
            select
                *,
                mean_return + geltner_sharpe_excess_sum / geltner_sharpe_n / (1 - geltner_sharpe_correlation) as geltner_sharpe_mean,
                (geltner_sharpe_excess_squares - geltner_sharpe_excess_sum ^ 2 / geltner_sharpe_n) / (geltner_sharpe_n - 1)
                    / (1 - geltner_sharpe_correlation) ^ 2 as geltner_sharpe_variance
            from (
                select
                    *,
                    -first_deviation + geltner_sharpe_correlation * last_deviation as geltner_sharpe_excess_sum,
                    geltner_sharpe_squares - first_deviation ^ 2
                        - 2 * geltner_sharpe_correlation * autocovariances[2] * returns_count
                        + geltner_sharpe_correlation ^ 2 * (geltner_sharpe_squares - last_deviation ^ 2) as geltner_sharpe_excess_squares,
                    returns_count - 1 as geltner_sharpe_n
                from (
                    select
                        *,
                        case when returns_count > 2 * lags then
                            periods_per_year + 2 * list_inner_product(
                                autocovariances[2:lags + 1],
                                list_transform(range(1, lags + 1), lambda k: periods_per_year - k)
                            ) / autocovariances[1]
                        end as lo_sharpe_scaled_variance,
                        autocovariances[2] / autocovariances[1] as geltner_sharpe_correlation,
                        autocovariances[1] * returns_count as geltner_sharpe_squares,
                        returns_count * (returns_count + 2) / 2 * list_sum(list_transform(
                            autocovariances[2:7],
                            lambda c, k: (c / autocovariances[1]) ^ 2 / (returns_count - k)
                        )) as ljung_box_p_half
                    from period_autocovariances_rows
                )
            )
        )
    )

),

period_drawdowns_rows as materialized (

    select
        *,
        false as is_clean
    from intermediate.period_drawdowns
    union all
    select
        *,
        true as is_clean
    from intermediate.clean_period_drawdowns

),

of_period_drawdowns as (

    select
        vault_id,
        period,
        is_clean,
        max_drawdown_reason,
        case when max_drawdown_reason is null then
            max_drawdown
        end as max_drawdown,
        current_drawdown_reason,
        case when current_drawdown_reason is null then
            current_drawdown
        end as current_drawdown,
        average_drawdown_reason,
        case when average_drawdown_reason is null then
            average_depth
        end as average_drawdown,
        drawdown_deviation_reason,
        case when drawdown_deviation_reason is null then
            sqrt(sum_of_squared_depths / returns_count)
        end as drawdown_deviation,
        longest_drawdown_days_reason,
        case when longest_drawdown_days_reason is null then
            longest_days
        end as longest_drawdown_days,
        time_under_water_reason,
        case when time_under_water_reason is null then
            points_below / returns_count
        end as time_under_water,
        ulcer_index_reason,
        case when ulcer_index_reason is null then
            sqrt(sum_of_squared_drawdowns / returns_count)
        end as ulcer_index,
        pain_index_reason,
        case when pain_index_reason is null then
            abs(sum_of_drawdowns) / returns_count
        end as pain_index,
        calmar_ratio_reason,
        case when calmar_ratio_reason is null then (growth_per_year - 1) / -max_drawdown end as calmar_ratio,
        sterling_ratio_reason,
        case when sterling_ratio_reason is null then
            (growth_per_year - 1) / (0.1 - max_drawdown)
        end as sterling_ratio,
        martin_ratio_reason,
        case when martin_ratio_reason is null then
            (growth_per_year - 1) / sqrt(sum_of_squared_drawdowns / returns_count)
        end as martin_ratio,
        pain_ratio_reason,
        case when pain_ratio_reason is null then
            (growth_per_year - 1) / (-sum_of_drawdowns / returns_count)
        end as pain_ratio,
        burke_ratio_reason,
        case when burke_ratio_reason is null then
            (growth_per_year - 1) / sqrt(sum_of_squared_depths)
        end as burke_ratio
    from (
        select
            *,
            period_reason as max_drawdown_reason,
            period_reason as current_drawdown_reason,
            coalesce(period_reason, case
                when episodes_count = 0 then 'no_drawdown'
            end) as average_drawdown_reason,
            period_reason as drawdown_deviation_reason,
            coalesce(period_reason, case
                when episodes_count = 0 then 'no_drawdown'
            end) as longest_drawdown_days_reason,
            period_reason as time_under_water_reason,
            period_reason as ulcer_index_reason,
            period_reason as pain_index_reason,
            coalesce(period_reason, case
                when max_drawdown = 0 then 'no_drawdown'
                when not isfinite((growth_per_year - 1) / -max_drawdown) then 'out_of_range'
            end) as calmar_ratio_reason,
            coalesce(period_reason, case
                when not isfinite(growth_per_year) then 'out_of_range'
            end) as sterling_ratio_reason,
            coalesce(period_reason, case
                when episodes_count = 0 then 'no_drawdown'
                when not isfinite(growth_per_year) then 'out_of_range'
            end) as martin_ratio_reason,
            coalesce(period_reason, case
                when episodes_count = 0 then 'no_drawdown'
                when not isfinite(growth_per_year) then 'out_of_range'
            end) as pain_ratio_reason,
            coalesce(period_reason, case
                when episodes_count = 0 then 'no_drawdown'
                when not isfinite(growth_per_year) then 'out_of_range'
            end) as burke_ratio_reason
        from period_drawdowns_rows
    )

),

period_tails_rows as materialized (

    select
        *,
        false as is_clean
    from intermediate.period_tails
    union all
    select
        *,
        true as is_clean
    from intermediate.clean_period_tails

),

of_period_tails as (

    select
        vault_id,
        period,
        is_clean,
        value_at_risk_95_reason,
        case when value_at_risk_95_reason is null then
            quantile_5
        end as value_at_risk_95,
        expected_shortfall_95_reason,
        case when expected_shortfall_95_reason is null then
            mean_to_5
        end as expected_shortfall_95,
        value_at_risk_99_reason,
        case when value_at_risk_99_reason is null then
            quantile_1
        end as value_at_risk_99,
        expected_shortfall_99_reason,
        case when expected_shortfall_99_reason is null then
            mean_to_1
        end as expected_shortfall_99,
        tail_ratio_reason,
        case when tail_ratio_reason is null then
            abs(quantile_95 / quantile_5)
        end as tail_ratio
    from (
        select
            *,
            period_reason as value_at_risk_95_reason,
            period_reason as expected_shortfall_95_reason,
            period_reason as value_at_risk_99_reason,
            period_reason as expected_shortfall_99_reason,
            coalesce(period_reason, case
                when abs(quantile_5) <= 1e-13 then 'zero_denominator'
            end) as tail_ratio_reason
        from period_tails_rows
    )

),

period_streaks_rows as materialized (

    select
        *,
        false as is_clean
    from intermediate.period_streaks
    union all
    select
        *,
        true as is_clean
    from intermediate.clean_period_streaks

),

of_period_streaks as (

    select
        vault_id,
        period,
        is_clean,
        longest_winning_streak_reason,
        case when longest_winning_streak_reason is null then
            longest_winning_streak::double
        end as longest_winning_streak,
        longest_losing_streak_reason,
        case when longest_losing_streak_reason is null then
            longest_losing_streak::double
        end as longest_losing_streak
    from (
        select
            *,
            period_reason as longest_winning_streak_reason,
            period_reason as longest_losing_streak_reason
        from period_streaks_rows
    )

),

joined as (

    select
        *,
        if(ljung_box_p < 0.05, newey_west_sharpe_reason, sharpe_ratio_zero_reason) as headline_sharpe_reason,
        if(ljung_box_p < 0.05, newey_west_sharpe, sharpe_ratio_zero) as headline_sharpe
    from of_period_statistics
    inner join of_period_months using (vault_id, period, is_clean)
    inner join of_deflated_sharpe using (vault_id, period, is_clean)
    inner join of_period_autocovariances using (vault_id, period, is_clean)
    inner join of_period_drawdowns using (vault_id, period, is_clean)
    inner join of_period_tails using (vault_id, period, is_clean)
    inner join of_period_streaks using (vault_id, period, is_clean)

)

select
    vault_id,
    period,
    is_clean,
    case when isfinite(total_return) then total_return end as total_return,
    if(isfinite(total_return) is false, 'out_of_range', total_return_reason) as total_return_reason,
    case when isfinite(apy) then apy end as apy,
    if(isfinite(apy) is false, 'out_of_range', apy_reason) as apy_reason,
    case when isfinite(apr) then apr end as apr,
    if(isfinite(apr) is false, 'out_of_range', apr_reason) as apr_reason,
    case when isfinite(best_month) then best_month end as best_month,
    if(isfinite(best_month) is false, 'out_of_range', best_month_reason) as best_month_reason,
    case when isfinite(worst_month) then worst_month end as worst_month,
    if(isfinite(worst_month) is false, 'out_of_range', worst_month_reason) as worst_month_reason,
    case when isfinite(best_day) then best_day end as best_day,
    if(isfinite(best_day) is false, 'out_of_range', best_day_reason) as best_day_reason,
    case when isfinite(worst_day) then worst_day end as worst_day,
    if(isfinite(worst_day) is false, 'out_of_range', worst_day_reason) as worst_day_reason,
    case when isfinite(volatility) then volatility end as volatility,
    if(isfinite(volatility) is false, 'out_of_range', volatility_reason) as volatility_reason,
    case when isfinite(headline_sharpe) then headline_sharpe end as headline_sharpe,
    if(isfinite(headline_sharpe) is false, 'out_of_range', headline_sharpe_reason) as headline_sharpe_reason,
    case when isfinite(sharpe_ratio_zero) then sharpe_ratio_zero end as sharpe_ratio_zero,
    if(isfinite(sharpe_ratio_zero) is false, 'out_of_range', sharpe_ratio_zero_reason) as sharpe_ratio_zero_reason,
    case when isfinite(sharpe_ratio) then sharpe_ratio end as sharpe_ratio,
    if(isfinite(sharpe_ratio) is false, 'out_of_range', sharpe_ratio_reason) as sharpe_ratio_reason,
    case when isfinite(sharpe_standard_error) then sharpe_standard_error end as sharpe_standard_error,
    if(isfinite(sharpe_standard_error) is false, 'out_of_range', sharpe_standard_error_reason) as sharpe_standard_error_reason,
    case when isfinite(sharpe_ci95_lower) then sharpe_ci95_lower end as sharpe_ci95_lower,
    if(isfinite(sharpe_ci95_lower) is false, 'out_of_range', sharpe_ci95_lower_reason) as sharpe_ci95_lower_reason,
    case when isfinite(sharpe_ci95_upper) then sharpe_ci95_upper end as sharpe_ci95_upper,
    if(isfinite(sharpe_ci95_upper) is false, 'out_of_range', sharpe_ci95_upper_reason) as sharpe_ci95_upper_reason,
    case when isfinite(probabilistic_sharpe) then probabilistic_sharpe end as probabilistic_sharpe,
    if(isfinite(probabilistic_sharpe) is false, 'out_of_range', probabilistic_sharpe_reason) as probabilistic_sharpe_reason,
    case when isfinite(deflated_sharpe) then deflated_sharpe end as deflated_sharpe,
    if(isfinite(deflated_sharpe) is false, 'out_of_range', deflated_sharpe_reason) as deflated_sharpe_reason,
    case when isfinite(minimum_track_record_days) then minimum_track_record_days end as minimum_track_record_days,
    if(isfinite(minimum_track_record_days) is false, 'out_of_range', minimum_track_record_days_reason) as minimum_track_record_days_reason,
    case when isfinite(newey_west_sharpe) then newey_west_sharpe end as newey_west_sharpe,
    if(isfinite(newey_west_sharpe) is false, 'out_of_range', newey_west_sharpe_reason) as newey_west_sharpe_reason,
    case when isfinite(lo_sharpe) then lo_sharpe end as lo_sharpe,
    if(isfinite(lo_sharpe) is false, 'out_of_range', lo_sharpe_reason) as lo_sharpe_reason,
    case when isfinite(geltner_sharpe) then geltner_sharpe end as geltner_sharpe,
    if(isfinite(geltner_sharpe) is false, 'out_of_range', geltner_sharpe_reason) as geltner_sharpe_reason,
    case when isfinite(smoothing_factor) then smoothing_factor end as smoothing_factor,
    if(isfinite(smoothing_factor) is false, 'out_of_range', smoothing_factor_reason) as smoothing_factor_reason,
    case when isfinite(autocorrelation_1) then autocorrelation_1 end as autocorrelation_1,
    if(isfinite(autocorrelation_1) is false, 'out_of_range', autocorrelation_1_reason) as autocorrelation_1_reason,
    case when isfinite(autocorrelation_2) then autocorrelation_2 end as autocorrelation_2,
    if(isfinite(autocorrelation_2) is false, 'out_of_range', autocorrelation_2_reason) as autocorrelation_2_reason,
    case when isfinite(autocorrelation_6) then autocorrelation_6 end as autocorrelation_6,
    if(isfinite(autocorrelation_6) is false, 'out_of_range', autocorrelation_6_reason) as autocorrelation_6_reason,
    case when isfinite(ljung_box_p) then ljung_box_p end as ljung_box_p,
    if(isfinite(ljung_box_p) is false, 'out_of_range', ljung_box_p_reason) as ljung_box_p_reason,
    case when isfinite(downside_deviation) then downside_deviation end as downside_deviation,
    if(isfinite(downside_deviation) is false, 'out_of_range', downside_deviation_reason) as downside_deviation_reason,
    case when isfinite(sortino_ratio) then sortino_ratio end as sortino_ratio,
    if(isfinite(sortino_ratio) is false, 'out_of_range', sortino_ratio_reason) as sortino_ratio_reason,
    case when isfinite(omega_ratio) then omega_ratio end as omega_ratio,
    if(isfinite(omega_ratio) is false, 'out_of_range', omega_ratio_reason) as omega_ratio_reason,
    case when isfinite(kappa_3) then kappa_3 end as kappa_3,
    if(isfinite(kappa_3) is false, 'out_of_range', kappa_3_reason) as kappa_3_reason,
    case when isfinite(upside_potential_ratio) then upside_potential_ratio end as upside_potential_ratio,
    if(isfinite(upside_potential_ratio) is false, 'out_of_range', upside_potential_ratio_reason) as upside_potential_ratio_reason,
    case when isfinite(gain_to_pain) then gain_to_pain end as gain_to_pain,
    if(isfinite(gain_to_pain) is false, 'out_of_range', gain_to_pain_reason) as gain_to_pain_reason,
    case when isfinite(max_drawdown) then max_drawdown end as max_drawdown,
    if(isfinite(max_drawdown) is false, 'out_of_range', max_drawdown_reason) as max_drawdown_reason,
    case when isfinite(current_drawdown) then current_drawdown end as current_drawdown,
    if(isfinite(current_drawdown) is false, 'out_of_range', current_drawdown_reason) as current_drawdown_reason,
    case when isfinite(average_drawdown) then average_drawdown end as average_drawdown,
    if(isfinite(average_drawdown) is false, 'out_of_range', average_drawdown_reason) as average_drawdown_reason,
    case when isfinite(drawdown_deviation) then drawdown_deviation end as drawdown_deviation,
    if(isfinite(drawdown_deviation) is false, 'out_of_range', drawdown_deviation_reason) as drawdown_deviation_reason,
    case when isfinite(longest_drawdown_days) then longest_drawdown_days end as longest_drawdown_days,
    if(isfinite(longest_drawdown_days) is false, 'out_of_range', longest_drawdown_days_reason) as longest_drawdown_days_reason,
    case when isfinite(time_under_water) then time_under_water end as time_under_water,
    if(isfinite(time_under_water) is false, 'out_of_range', time_under_water_reason) as time_under_water_reason,
    case when isfinite(ulcer_index) then ulcer_index end as ulcer_index,
    if(isfinite(ulcer_index) is false, 'out_of_range', ulcer_index_reason) as ulcer_index_reason,
    case when isfinite(pain_index) then pain_index end as pain_index,
    if(isfinite(pain_index) is false, 'out_of_range', pain_index_reason) as pain_index_reason,
    case when isfinite(calmar_ratio) then calmar_ratio end as calmar_ratio,
    if(isfinite(calmar_ratio) is false, 'out_of_range', calmar_ratio_reason) as calmar_ratio_reason,
    case when isfinite(sterling_ratio) then sterling_ratio end as sterling_ratio,
    if(isfinite(sterling_ratio) is false, 'out_of_range', sterling_ratio_reason) as sterling_ratio_reason,
    case when isfinite(martin_ratio) then martin_ratio end as martin_ratio,
    if(isfinite(martin_ratio) is false, 'out_of_range', martin_ratio_reason) as martin_ratio_reason,
    case when isfinite(pain_ratio) then pain_ratio end as pain_ratio,
    if(isfinite(pain_ratio) is false, 'out_of_range', pain_ratio_reason) as pain_ratio_reason,
    case when isfinite(burke_ratio) then burke_ratio end as burke_ratio,
    if(isfinite(burke_ratio) is false, 'out_of_range', burke_ratio_reason) as burke_ratio_reason,
    case when isfinite(value_at_risk_95) then value_at_risk_95 end as value_at_risk_95,
    if(isfinite(value_at_risk_95) is false, 'out_of_range', value_at_risk_95_reason) as value_at_risk_95_reason,
    case when isfinite(expected_shortfall_95) then expected_shortfall_95 end as expected_shortfall_95,
    if(isfinite(expected_shortfall_95) is false, 'out_of_range', expected_shortfall_95_reason) as expected_shortfall_95_reason,
    case when isfinite(value_at_risk_99) then value_at_risk_99 end as value_at_risk_99,
    if(isfinite(value_at_risk_99) is false, 'out_of_range', value_at_risk_99_reason) as value_at_risk_99_reason,
    case when isfinite(expected_shortfall_99) then expected_shortfall_99 end as expected_shortfall_99,
    if(isfinite(expected_shortfall_99) is false, 'out_of_range', expected_shortfall_99_reason) as expected_shortfall_99_reason,
    case when isfinite(value_at_risk_95_gaussian) then value_at_risk_95_gaussian end as value_at_risk_95_gaussian,
    if(isfinite(value_at_risk_95_gaussian) is false, 'out_of_range', value_at_risk_95_gaussian_reason) as value_at_risk_95_gaussian_reason,
    case when isfinite(expected_shortfall_95_gaussian) then expected_shortfall_95_gaussian end as expected_shortfall_95_gaussian,
    if(isfinite(expected_shortfall_95_gaussian) is false, 'out_of_range', expected_shortfall_95_gaussian_reason) as expected_shortfall_95_gaussian_reason,
    case when isfinite(value_at_risk_95_cornish_fisher) then value_at_risk_95_cornish_fisher end as value_at_risk_95_cornish_fisher,
    if(isfinite(value_at_risk_95_cornish_fisher) is false, 'out_of_range', value_at_risk_95_cornish_fisher_reason) as value_at_risk_95_cornish_fisher_reason,
    case when isfinite(tail_ratio) then tail_ratio end as tail_ratio,
    if(isfinite(tail_ratio) is false, 'out_of_range', tail_ratio_reason) as tail_ratio_reason,
    case when isfinite(skewness) then skewness end as skewness,
    if(isfinite(skewness) is false, 'out_of_range', skewness_reason) as skewness_reason,
    case when isfinite(excess_kurtosis) then excess_kurtosis end as excess_kurtosis,
    if(isfinite(excess_kurtosis) is false, 'out_of_range', excess_kurtosis_reason) as excess_kurtosis_reason,
    case when isfinite(mean_absolute_deviation) then mean_absolute_deviation end as mean_absolute_deviation,
    if(isfinite(mean_absolute_deviation) is false, 'out_of_range', mean_absolute_deviation_reason) as mean_absolute_deviation_reason,
    case when isfinite(win_rate) then win_rate end as win_rate,
    if(isfinite(win_rate) is false, 'out_of_range', win_rate_reason) as win_rate_reason,
    case when isfinite(gains_count) then gains_count end as gains_count,
    if(isfinite(gains_count) is false, 'out_of_range', gains_count_reason) as gains_count_reason,
    case when isfinite(losses_count) then losses_count end as losses_count,
    if(isfinite(losses_count) is false, 'out_of_range', losses_count_reason) as losses_count_reason,
    case when isfinite(zero_return_share) then zero_return_share end as zero_return_share,
    if(isfinite(zero_return_share) is false, 'out_of_range', zero_return_share_reason) as zero_return_share_reason,
    case when isfinite(longest_winning_streak) then longest_winning_streak end as longest_winning_streak,
    if(isfinite(longest_winning_streak) is false, 'out_of_range', longest_winning_streak_reason) as longest_winning_streak_reason,
    case when isfinite(longest_losing_streak) then longest_losing_streak end as longest_losing_streak,
    if(isfinite(longest_losing_streak) is false, 'out_of_range', longest_losing_streak_reason) as longest_losing_streak_reason,
    case when isfinite(profit_factor) then profit_factor end as profit_factor,
    if(isfinite(profit_factor) is false, 'out_of_range', profit_factor_reason) as profit_factor_reason,
    case when isfinite(payoff_ratio) then payoff_ratio end as payoff_ratio,
    if(isfinite(payoff_ratio) is false, 'out_of_range', payoff_ratio_reason) as payoff_ratio_reason,
    nullif(concat_ws(
        ', ',
        case when (total_return is null) = (total_return_reason is null) then 'total_return' end,
        case when (apy is null) = (apy_reason is null) then 'apy' end,
        case when (apr is null) = (apr_reason is null) then 'apr' end,
        case when (best_month is null) = (best_month_reason is null) then 'best_month' end,
        case when (worst_month is null) = (worst_month_reason is null) then 'worst_month' end,
        case when (best_day is null) = (best_day_reason is null) then 'best_day' end,
        case when (worst_day is null) = (worst_day_reason is null) then 'worst_day' end,
        case when (volatility is null) = (volatility_reason is null) then 'volatility' end,
        case when (headline_sharpe is null) = (headline_sharpe_reason is null) then 'headline_sharpe' end,
        case when (sharpe_ratio_zero is null) = (sharpe_ratio_zero_reason is null) then 'sharpe_ratio_zero' end,
        case when (sharpe_ratio is null) = (sharpe_ratio_reason is null) then 'sharpe_ratio' end,
        case when (sharpe_standard_error is null) = (sharpe_standard_error_reason is null) then 'sharpe_standard_error' end,
        case when (sharpe_ci95_lower is null) = (sharpe_ci95_lower_reason is null) then 'sharpe_ci95_lower' end,
        case when (sharpe_ci95_upper is null) = (sharpe_ci95_upper_reason is null) then 'sharpe_ci95_upper' end,
        case when (probabilistic_sharpe is null) = (probabilistic_sharpe_reason is null) then 'probabilistic_sharpe' end,
        case when (deflated_sharpe is null) = (deflated_sharpe_reason is null) then 'deflated_sharpe' end,
        case when (minimum_track_record_days is null) = (minimum_track_record_days_reason is null) then 'minimum_track_record_days' end,
        case when (newey_west_sharpe is null) = (newey_west_sharpe_reason is null) then 'newey_west_sharpe' end,
        case when (lo_sharpe is null) = (lo_sharpe_reason is null) then 'lo_sharpe' end,
        case when (geltner_sharpe is null) = (geltner_sharpe_reason is null) then 'geltner_sharpe' end,
        case when (smoothing_factor is null) = (smoothing_factor_reason is null) then 'smoothing_factor' end,
        case when (autocorrelation_1 is null) = (autocorrelation_1_reason is null) then 'autocorrelation_1' end,
        case when (autocorrelation_2 is null) = (autocorrelation_2_reason is null) then 'autocorrelation_2' end,
        case when (autocorrelation_6 is null) = (autocorrelation_6_reason is null) then 'autocorrelation_6' end,
        case when (ljung_box_p is null) = (ljung_box_p_reason is null) then 'ljung_box_p' end,
        case when (downside_deviation is null) = (downside_deviation_reason is null) then 'downside_deviation' end,
        case when (sortino_ratio is null) = (sortino_ratio_reason is null) then 'sortino_ratio' end,
        case when (omega_ratio is null) = (omega_ratio_reason is null) then 'omega_ratio' end,
        case when (kappa_3 is null) = (kappa_3_reason is null) then 'kappa_3' end,
        case when (upside_potential_ratio is null) = (upside_potential_ratio_reason is null) then 'upside_potential_ratio' end,
        case when (gain_to_pain is null) = (gain_to_pain_reason is null) then 'gain_to_pain' end,
        case when (max_drawdown is null) = (max_drawdown_reason is null) then 'max_drawdown' end,
        case when (current_drawdown is null) = (current_drawdown_reason is null) then 'current_drawdown' end,
        case when (average_drawdown is null) = (average_drawdown_reason is null) then 'average_drawdown' end,
        case when (drawdown_deviation is null) = (drawdown_deviation_reason is null) then 'drawdown_deviation' end,
        case when (longest_drawdown_days is null) = (longest_drawdown_days_reason is null) then 'longest_drawdown_days' end,
        case when (time_under_water is null) = (time_under_water_reason is null) then 'time_under_water' end,
        case when (ulcer_index is null) = (ulcer_index_reason is null) then 'ulcer_index' end,
        case when (pain_index is null) = (pain_index_reason is null) then 'pain_index' end,
        case when (calmar_ratio is null) = (calmar_ratio_reason is null) then 'calmar_ratio' end,
        case when (sterling_ratio is null) = (sterling_ratio_reason is null) then 'sterling_ratio' end,
        case when (martin_ratio is null) = (martin_ratio_reason is null) then 'martin_ratio' end,
        case when (pain_ratio is null) = (pain_ratio_reason is null) then 'pain_ratio' end,
        case when (burke_ratio is null) = (burke_ratio_reason is null) then 'burke_ratio' end,
        case when (value_at_risk_95 is null) = (value_at_risk_95_reason is null) then 'value_at_risk_95' end,
        case when (expected_shortfall_95 is null) = (expected_shortfall_95_reason is null) then 'expected_shortfall_95' end,
        case when (value_at_risk_99 is null) = (value_at_risk_99_reason is null) then 'value_at_risk_99' end,
        case when (expected_shortfall_99 is null) = (expected_shortfall_99_reason is null) then 'expected_shortfall_99' end,
        case when (value_at_risk_95_gaussian is null) = (value_at_risk_95_gaussian_reason is null) then 'value_at_risk_95_gaussian' end,
        case when (expected_shortfall_95_gaussian is null) = (expected_shortfall_95_gaussian_reason is null) then 'expected_shortfall_95_gaussian' end,
        case when (value_at_risk_95_cornish_fisher is null) = (value_at_risk_95_cornish_fisher_reason is null) then 'value_at_risk_95_cornish_fisher' end,
        case when (tail_ratio is null) = (tail_ratio_reason is null) then 'tail_ratio' end,
        case when (skewness is null) = (skewness_reason is null) then 'skewness' end,
        case when (excess_kurtosis is null) = (excess_kurtosis_reason is null) then 'excess_kurtosis' end,
        case when (mean_absolute_deviation is null) = (mean_absolute_deviation_reason is null) then 'mean_absolute_deviation' end,
        case when (win_rate is null) = (win_rate_reason is null) then 'win_rate' end,
        case when (gains_count is null) = (gains_count_reason is null) then 'gains_count' end,
        case when (losses_count is null) = (losses_count_reason is null) then 'losses_count' end,
        case when (zero_return_share is null) = (zero_return_share_reason is null) then 'zero_return_share' end,
        case when (longest_winning_streak is null) = (longest_winning_streak_reason is null) then 'longest_winning_streak' end,
        case when (longest_losing_streak is null) = (longest_losing_streak_reason is null) then 'longest_losing_streak' end,
        case when (profit_factor is null) = (profit_factor_reason is null) then 'profit_factor' end,
        case when (payoff_ratio is null) = (payoff_ratio_reason is null) then 'payoff_ratio' end
    ), '') as unsound_reason
from joined
