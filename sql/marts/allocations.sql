-- One row per vault, UTC day on which assets moved or were read, and place of assets.
-- Places are venues, what is at hand (idle), what is owed (debt, negative), and what
-- nothing tells (unknown): assets at places that nobody named, and what venues have
-- earned since they were last seen. A day's rows add up to the vault's assets. All is
-- in the vault's asset: what is held or owed in another token, or in one that nobody
-- tells, is left out, and marts.warnings counts it.
-- grain: vault_id, price_date, kind, venue, market
-- one thread
-- units:
--   asset: assets, moved_in, moved_out, gain
--   fraction: share_of_assets, turnover, contribution
-- columns:
--   vault_id: the vault's id in the config
--   price_date: the UTC day; a row holds at its end and until the vault's next day
--   kind: venue, idle, debt or unknown
--   venue: the venue's contract, lower case; empty for idle and unknown
--   market: the market within the venue, where it has several; else empty
--   name: the venue's name in the config
--   basis: how the amount is known: reading, books, shares, flows, balance, difference
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
    where role in ('venue', 'lending', 'account')
    group by all

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
        case when bool_and(moved is not null) then sum(greatest(moved, 0)) end
            as moved_in,
        case when bool_and(moved is not null) then sum(greatest(-moved, 0)) end
            as moved_out,
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

owed as (

    select
        debt_levels.vault_id,
        venue,
        market,
        log_position,
        block_at,
        is_read,
        debt_raw,
        changed_raw,
        debt_raw::double / 10::double ^ asset_decimals as debt,
        changed_raw::double / 10::double ^ asset_decimals as amount
    from intermediate.debt_levels as debt_levels
    inner join vaults using (vault_id)

),

-- a market that never lent to the vault is no place of its debts
debts as (

    select
        vault_id,
        make_timestamp(epoch_us(block_at))::date as price_date,
        'debt' as kind,
        venue,
        market,
        if(arg_max(is_read, log_position), 'reading', 'flows') as basis,
        0 - arg_max(debt, log_position) as assets,
        sum(greatest(-amount, 0)) as moved_in,
        sum(greatest(amount, 0)) as moved_out,
        null::double as gain
    from owed
    semi join (
        select
            vault_id,
            venue,
            market
        from owed
        group by all
        having max(debt_raw) > 0::bignum or max(changed_raw) > 0::bignum
    ) as borrowed using (vault_id, venue, market)
    group by vault_id, price_date, venue, market

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
