-- One row per vault, UTC day on which assets moved, and place where they are.
-- Places are venues, what is at hand (idle), what is owed (debt, negative), and what
-- the logs do not tell (unknown): assets at places that nobody named, and what venues
-- have earned since they were last seen. A day's rows add up to the vault's assets.
-- grain: vault_id, price_date, kind, venue, market
-- one thread
-- columns:
--   vault_id: the vault's id in the config
--   price_date: the UTC day; a row holds at its end and until the vault's next day
--   kind: venue, idle, debt or unknown
--   venue: the venue's contract, lower case; empty for idle and unknown
--   market: the market within the venue, where it has several; else empty
--   name: the venue's name in the config
--   basis: how the amount is known: books, shares, flows, balance, difference
--   assets: assets there, in units of the asset; null where the archive begins too late
--   share_of_assets: assets / the vault's total assets
--   moved_in: assets that went there on the day
--   moved_out: assets that came from there on the day; a positive number
--   turnover: (moved_in + moved_out) / the vault's total assets
--   gain: what the place earned since it was last seen, where it can be told
--   contribution: gain / the vault's total assets before the day: its part of the
--     return
--   reason: why there is no contribution
with

contracts as (

    select
        vault_id,
        address as venue,
        any_value(name) as name
    from staging.contracts
    where role in ('venue', 'lending')
    group by all

),

assets as (

    select
        vault_id,
        address as asset
    from staging.contracts
    where role = 'asset'

),

vaults as (

    select
        vault_id,
        asset_decimals
    from staging.vaults

),

venues as (

    select
        vault_id,
        make_timestamp(epoch_us(block_at))::date as price_date,
        'venue' as kind,
        venue,
        market,
        arg_max(basis, log_position) as basis,
        arg_max({'assets': value}, log_position).assets as assets,
        sum(greatest(moved, 0)) as moved_in,
        sum(greatest(-moved, 0)) as moved_out,
        case when bool_and(gain is not null) then sum(gain) end as gain
    from intermediate.venue_values
    group by vault_id, price_date, venue, market

),

idle as (

    select
        vault_id,
        make_timestamp(epoch_us(block_at))::date as price_date,
        'idle' as kind,
        '' as venue,
        '' as market,
        'balance' as basis,
        arg_max(idle, log_position) as assets,
        null::double as moved_in,
        null::double as moved_out,
        0::double as gain
    from intermediate.idle_assets
    group by vault_id, price_date

),

-- a debt in another token is of another unit
owed as (

    select
        debt_events.vault_id,
        log_position,
        make_timestamp(epoch_us(block_at))::date as price_date,
        address as venue,
        amount_raw::double / 10::double ^ asset_decimals as amount
    from intermediate.debt_events as debt_events
    inner join vaults using (vault_id)
    left join assets using (vault_id)
    where amount_raw is not null
        and (token is null or asset is null or token = asset)

),

-- interest makes the last repayment larger than the debt the events tell of
summed as (

    select
        *,
        greatest(
            sum(amount) over (partition by vault_id, venue order by log_position), 0
        ) as debt
    from owed

),

debts as (

    select
        vault_id,
        price_date,
        'debt' as kind,
        venue,
        '' as market,
        'flows' as basis,
        -arg_max(debt, log_position) as assets,
        sum(greatest(-amount, 0)) as moved_in,
        sum(greatest(amount, 0)) as moved_out,
        null::double as gain
    from summed
    group by vault_id, price_date, venue

),

places as (

    select * from venues
    union all
    select * from idle
    union all
    select * from debts

),

days as (

    select distinct
        vault_id,
        price_date
    from places

),

first_days as (

    select
        vault_id,
        kind,
        venue,
        market,
        min(price_date) as first_date
    from places
    group by all

),

grid as (

    select
        days.vault_id,
        days.price_date,
        first_days.kind,
        first_days.venue,
        first_days.market
    from days
    inner join first_days
        on days.vault_id = first_days.vault_id
        and days.price_date >= first_days.first_date

),

carried as (

    select
        grid.*,
        places.basis,
        places.assets,
        case when places.price_date = grid.price_date then moved_in else 0 end
            as moved_in,
        case when places.price_date = grid.price_date then moved_out else 0 end
            as moved_out,
        case when places.price_date = grid.price_date then gain end as gain,
        places.price_date = grid.price_date as is_seen
    from grid
    asof left join places
        on grid.vault_id = places.vault_id
        and grid.kind = places.kind
        and grid.venue = places.venue
        and grid.market = places.market
        and grid.price_date >= places.price_date

),

totals as (

    select * from intermediate.asset_totals

),

day_totals as (

    select
        days.vault_id,
        days.price_date,
        at_end.total_assets,
        before.total_assets as assets_before
    from days
    asof left join totals as at_end
        on days.vault_id = at_end.vault_id
        and to_timestamp(epoch(days.price_date + 1)) > at_end.observed_at
    asof left join totals as before
        on days.vault_id = before.vault_id
        and to_timestamp(epoch(days.price_date)) > before.observed_at

),

unknown as (

    select
        carried.vault_id,
        carried.price_date,
        'unknown' as kind,
        '' as venue,
        '' as market,
        'difference' as basis,
        any_value(total_assets) - sum(assets) as assets,
        null::double as moved_in,
        null::double as moved_out,
        null::double as gain,
        true as is_seen
    from carried
    inner join day_totals using (vault_id, price_date)
    group by carried.vault_id, carried.price_date

),

everything as (

    select * from carried
    union all
    select * from unknown

)

select
    everything.vault_id,
    everything.price_date,
    everything.kind,
    everything.venue,
    everything.market,
    coalesce(contracts.name, '') as name,
    everything.basis,
    everything.assets,
    everything.assets / nullif(total_assets, 0) as share_of_assets,
    everything.moved_in,
    everything.moved_out,
    (everything.moved_in + everything.moved_out) / nullif(total_assets, 0) as turnover,
    everything.gain,
    everything.gain / nullif(assets_before, 0) as contribution,
    case
        when everything.kind = 'unknown' then 'unknown_places'
        when not is_seen then 'not_seen'
        when everything.gain is null then 'flows_only'
        when assets_before is null or assets_before = 0 then 'no_total_assets'
    end as reason
from everything
inner join day_totals using (vault_id, price_date)
left join contracts
    on everything.vault_id = contracts.vault_id
    and everything.venue = contracts.venue
