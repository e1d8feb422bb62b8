-- One row per figure that a site has of a vault and way of it: what prices it asks for.
-- A figure is asked for at the vault's last price, and for each time it was captured.
-- One that was captured and that no convention tells stays, without a way. What two
-- lines say alike was captured once.
-- capture_number: 0 at the last price, where printed is null
-- moment_number: of the vault and the moment; observed_at: the moment
-- live_at: until when the days of a figure run that counts to now: the end of the as-of
--   day, or when it was captured
-- is_listed: the site has the figure of all such vaults at that moment
-- has_standing_price: a price of the family stands until its next valuation
-- takes_valuations: only valuations count, since the site counts from one to another
--   and logs of them are there
-- window_days: the days of the window, more than any record has where it is since the
--   first price; null: no price is asked for
-- grain: vault_id, site, figure, capture_number, choice
-- stored
with

vaults as (

    select
        vault_id,
        vault_number,
        family,
        if(chain_id = 1, '1', 'other') as chain,
        coalesce(log_price_source in ('settlements', 'rates'), false)
            as has_standing_price
    from staging.vaults
    inner join staging.families using (family)

),

run as (

    select * from staging.run

),

conventions as (

    select * from intermediate.site_conventions

),

valued as (

    select
        vault_number,
        min(source_rank) as best_rank
    from intermediate.event_prices
    where is_possible
    group by vault_number

),

captures as (

    select distinct
        vault_id,
        site,
        figure,
        observed_at,
        printed,
        printed_step
    from staging.site_figures
    cross join run
    where observed_at < until_at

),

moments as (

    select
        vault_id,
        null as site,
        null as figure,
        0 as capture_number,
        last_at as observed_at,
        until_at as live_at,
        null::double as printed,
        null::double as printed_step
    from intermediate.track_records
    cross join run
    union all
    select
        vault_id,
        site,
        figure,
        row_number() over (
            partition by vault_id, site, figure
            order by observed_at, printed, printed_step
        ) as capture_number,
        observed_at,
        observed_at as live_at,
        printed,
        printed_step
    from captures

),

numbered as (

    select
        *,
        dense_rank() over (order by vault_id, observed_at) as moment_number
    from moments

)

select
    numbered.vault_id,
    vaults.vault_number,
    coalesce(numbered.site, conventions.site) as site,
    coalesce(numbered.figure, conventions.figure) as figure,
    numbered.capture_number,
    coalesce(conventions.choice, 1) as choice,
    numbered.moment_number,
    numbered.observed_at,
    numbered.live_at,
    numbered.printed,
    numbered.printed_step,
    coalesce(
        list_contains(conventions.families, vaults.family)
        and numbered.observed_at >= conventions.listed_from,
        false
    ) as is_listed,
    vaults.has_standing_price,
    conventions.formula,
    conventions.anchor,
    conventions.until,
    conventions.until != 'now'
        and coalesce(best_rank <= intermediate.source_rank('lagoon_event'), false)
        as takes_valuations,
    conventions.days,
    case
        when conventions.anchor is not null then coalesce(conventions.days, 100_000)
    end as window_days,
    conventions.annual_days,
    conventions.year_days,
    conventions.least,
    conventions.valid_from,
    conventions.convention,
    conventions.source,
    case
        when conventions.site is null then 'convention_unknown'
        else conventions.reason
    end as reason
from numbered
inner join vaults using (vault_id)
left join valued using (vault_number)
left join conventions
    on (is_for_all or list_contains(conventions.families, vaults.family))
    and conventions.chain in ('any', vaults.chain)
    and numbered.observed_at >= conventions.valid_from
    and numbered.observed_at < conventions.valid_until
    and (
        numbered.site is null
        or (numbered.site = conventions.site and numbered.figure = conventions.figure)
    )
where numbered.site is not null or conventions.site is not null
