-- One row per vault with a mark and figure of a site, as printed at the last mark.
-- Each is made of the same prices as ours, by the site's own convention, so that a
-- reader sees why a site shows another number. A site without a price as old as it
-- wants takes the vault's first: then the period is itd.
-- grain: vault_id, site, figure
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
        unnest([
            'DefiLlama', 'Yearn', 'Yearn', 'Yearn', 'Yearn',
            'vaults.fyi', 'vaults.fyi', 'vaults.fyi', 'Lagoon', 'Lagoon', 'Lagoon'
        ]) as site,
        unnest([
            'apyBase', 'week_ago_apr', 'month_ago_apr', 'weekly_net_apy',
            'monthly_net_apy', 'apy_1day', 'apy_7day', 'apy_30day', 'apr_7d', 'apr_30d',
            'apr_inception'
        ]) as figure,
        unnest([
            '1d', '7d', '30d', '7d', '30d', '1d', '7d', '30d', '7d', '30d', 'itd'
        ]) as wanted,
        unnest([1, 7, 30, 7, 30, 1, 7, 30, 7, 30, null]) as days,
        unnest([
            'compound', 'linear', 'linear', 'gregorian', 'gregorian',
            'true', 'true', 'true', 'simple', 'simple', 'simple'
        ]) as method

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
        end as value,
        case method
            when 'compound' then '(now / a day ago) ^ 365 - 1; below 0 it prints 0'
            when 'linear' then '(now / then - 1) * 365 / days, the days as asked for'
            when 'gregorian'
                then '(now / then) ^ (365.2425 / days) - 1; below 0 it prints 0'
            when 'true' then '(now / then) ^ (31536000 / seconds) - 1'
            else '(now / then - 1) * 31536000 / seconds'
        end as convention
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
