-- Return that 95 % of the returns would beat, with their skewness and kurtosis.
-- label: Value at risk, 95 %, Cornish-Fisher
-- group: tails, 7
-- grain: vault_id, period
-- formula: mean + sd * (z + (z^2-1) g/6 + (z^3-3z) k/24 - (2z^3-5z) g^2/36)
-- unit: fraction
-- source: Favre and Galeano, Journal of Alternative Investments, 2002; Maillard, 2012
-- null when: fewer than two returns, all the same, or g and k outside its domain
-- z is -1.644854; g and k are skewness and excess kurtosis of the population
-- generated from metrics.value_at_risk_95_cornish_fisher by make golden
with

moments as (

    select
        *,
        -1.6448536269514722e0 as z,
        population_skewness as g,
        population_kurtosis - 3 as k
    from intermediate.clean_period_statistics as period_statistics

),

figures as (

    select
        *,
        g ^ 2 / 9
            - 4 * (k / 8 - g ^ 2 / 6) * (1 - k / 8 + 5 * g ^ 2 / 36) <= 0
            as is_in_domain
    from moments

)

select
    vault_id,
    period,
    coalesce(period_reason, case
        when returns_count < 2 then 'insufficient_data'
        when is_without_dispersion then 'zero_dispersion'
        when not is_in_domain then 'outside_cf_domain'
    end) as reason,
    case when reason is null then
        mean_return + population_deviation * (
            z
            + (z ^ 2 - 1) * g / 6
            + (z ^ 3 - 3 * z) * k / 24
            - (2 * z ^ 3 - 5 * z) * g ^ 2 / 36
        )
    end as value
from figures
