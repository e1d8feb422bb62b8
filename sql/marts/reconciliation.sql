-- One row per vault with a price and figure of a site: what it prints by its own rule.
-- It is made of the prices that the site takes, so that a reader sees why it shows
-- another number than we do: once at the vault's last price, and once for each figure
-- that was captured of the site, with what it printed.
-- grain: vault_id, site, figure, capture_number
-- units:
--   fraction per year: value, apy, printed, difference
--   days: days
--   place: capture_number
-- columns:
--   vault_id: the vault's id in the config
--   site: DefiLlama, Yearn or Lagoon, or what a captured figure says
--   figure: what the site calls it
--   capture_number: 0 at the last price, else the number of the captured figure in the
--     order of time
--   observed_at: the moment it is of: the last price, or when it was captured; the days
--     of a figure that counts to now (apr_30d_live) go on after the last price, to the
--     as-of day's end
--   is_listed: whether the site has the figure of such vaults; if not, it is what the
--     same rule makes of this one
--   from_at: time of the price that it starts from
--   until_at: time of the price that it ends with
--   days: the days that it is made annual by
--   value: what the site prints; a fraction per year, below 0 where the site does so
--   apy: our compound rate between the same two prices, by the true time
--   reason: why value is null
--   printed: the captured figure; a fraction per year
--   difference: value - printed
--   is_reproduced: whether value is the captured figure, within half of what its last
--     digit is worth
--   convention: how the site computes it
--   source: where that is read: repository@commit and path
--   valid_from: the day since which the site does so; null if no other way is known
with

periods as (

    select * from intermediate.site_periods

),

measured as (

    select
        questions.*,
        from_at,
        until_at,
        until_price / from_price as growth,
        (epoch(until_at) - epoch(from_at)) / 86_400 as true_days,
        case questions.annual_days
            when 'nominal' then questions.days
            when 'true' then if(
                questions.until = 'live',
                (epoch(live_at) - epoch(from_at)) / 86_400,
                true_days
            )
            when 'whole' then greatest(
                floor((epoch(observed_at) - epoch(from_at)) / 86_400), 1
            )
        end as divided_days,
        case
            when questions.reason is not null then questions.reason
            when until_at is null then 'no_price_yet'
            when from_at is null then 'no_anchor'
            -- a price that is read says little of a moment that lies long after
            when greatest(start_lag, end_lag) > greatest(
                coalesce(questions.days, true_days) * 8_640,
                if(has_standing_price, 86_400, 0)
            )
                then if(start_lag > end_lag, 'anchor_stale', 'end_stale')
            when from_price = 0 then 'bad_anchor_price'
            when divided_days = 0 then 'insufficient_data'
        end as unknown_because,
        case
            when unknown_because is not null then null
            when formula = 'linear' then (growth - 1) * year_days / divided_days
            else growth ^ (year_days / divided_days) - 1
        end as rate
    from intermediate.site_questions as questions
    left join periods
        using (moment_number, takes_valuations, anchor, until, window_days)

)

select
    vault_id,
    site,
    figure,
    capture_number,
    observed_at,
    is_listed,
    from_at,
    until_at,
    divided_days as days,
    case when isfinite(rate) then greatest(rate, coalesce(least, rate)) end as value,
    case
        when rate is not null and true_days > 0 and isfinite(growth ^ (365 / true_days))
            then growth ^ (365 / true_days) - 1
    end as apy,
    coalesce(unknown_because, if(isfinite(rate), null, 'out_of_range')) as reason,
    printed,
    value - printed as difference,
    -- half of the last digit, and what a price in a float may lose
    abs(difference) <= greatest(printed_step / 2, 1e-9) * (1 + 1e-9) as is_reproduced,
    coalesce(convention, '') as convention,
    coalesce(source, '') as source,
    case when isfinite(valid_from) then valid_from end as valid_from
from measured
-- the next way counts only where the vault is too young for the one before
qualify row_number() over (
    partition by vault_id, site, figure, capture_number
    order by unknown_because is not distinct from 'no_anchor', choice
) = 1
order by vault_id, site, figure, capture_number
