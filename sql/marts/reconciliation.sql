-- One row per vault with a price and figure of a site, as printed at the last price.
-- Each is made of the same prices as ours, by the site's own convention, so that a
-- reader sees why a site shows another number. A site without a price as old as it
-- wants takes the vault's first: then the period is itd.
-- grain: vault_id, site, figure
-- units:
--   fraction per year: value, apy
-- columns:
--   vault_id: the vault's id in the config
--   site: DefiLlama, Yearn, vaults.fyi or Lagoon
--   figure: what the site calls it
--   period: the period of marts.performance it is measured over
--   value: what the site would print; a fraction per year
--   apy: our compound rate of the same period
--   reason: why value is null
--   convention: how the site computes it
with

periods as (

    select
        performance.vault_id,
        performance.period,
        total_return,
        elapsed_days,
        apy,
        apr,
        reason
    from marts.performance
    left join marts.performance_reasons
        on performance.vault_id = performance_reasons.vault_id
        and performance.period = performance_reasons.period
        and metric = 'total_return'

),

figures as (

    select
        site,
        figure,
        period as wanted,
        days::integer as days,
        method,
        convention
    from seeds.site_figures
    inner join seeds.site_methods using (method)

),

-- Yearn falls back to inception
chosen as (

    select
        figures.*,
        periods.vault_id,
        if(periods.reason = 'no_anchor' and site = 'Yearn', 'itd', wanted) as measured
    from figures
    inner join periods on figures.wanted = periods.period

),

measured as (

    select
        chosen.*,
        periods.* exclude (vault_id),
        if(period = wanted, days, elapsed_days) as nominal_days
    from chosen
    inner join periods
        on chosen.vault_id = periods.vault_id
        and chosen.measured = periods.period

),

printed as (

    select
        *,
        case method
            when 'compound' then (1 + total_return) ^ (365 / days) - 1
            when 'linear' then total_return * 365 / nominal_days
            when 'gregorian'
                then (1 + total_return) ^ (365.2425 / elapsed_days) - 1
            when 'true' then apy
            else apr
        end as value
    from measured

)

select
    vault_id,
    site,
    figure,
    period,
    case
        when method in ('compound', 'gregorian') and value < 0 then 0
        when isfinite(value) then value
    end as value,
    apy,
    coalesce(reason, case
        when value is null or not isfinite(value) then 'out_of_range'
    end) as reason,
    convention
from printed
order by vault_id, site, figure
