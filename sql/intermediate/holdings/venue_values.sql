-- One row per moment at which it is known what a vault has in a venue, in the asset.
-- formula: reading: as the venue answered; books: as stated; shares: shares left times
--   the assets per share of the last move that tells it; flows: what went in less what
--   came out since the last reading, not less than zero, from where it starts again
-- A gain is what the value rose by between two moments, without what moved. Flows do
-- not tell it, but where a later reading does. More shares taken out than put in show
-- that the archive begins later, and give no value.
-- grain: vault_id, venue, market, log_position
-- stored
with

vaults as (

    select
        vault_id,
        asset_decimals
    from staging.vaults

),

moments as (

    select
        vault_id,
        venue,
        market,
        log_position,
        block_at,
        basis,
        value_raw,
        moved_raw,
        change_raw,
        gain_raw,
        shares_raw,
        price
    from intermediate.venue_moves

    union all

    select
        vault_id,
        venue,
        market,
        log_position,
        block_at,
        'reading' as basis,
        value_raw,
        0::bignum as moved_raw,
        value_raw as change_raw,
        null::bignum as gain_raw,
        null::bignum as shares_raw,
        null::double as price
    from intermediate.venue_levels

),

numbered as (

    select
        *,
        count(*) filter (basis = 'reading') over so_far as readings_so_far,
        max(case when basis = 'reading' then log_position end) over (
            partition by vault_id, venue, market
        ) as last_reading,
        sum(shares_raw) over so_far as shares_after_raw,
        last_value(price ignore nulls) over so_far as share_price,
        lag(value_raw, 1, 0::bignum) over so_far as books_before_raw
    from moments
    window so_far as (partition by vault_id, venue, market order by log_position)

),

summed as (

    select
        *,
        sum(change_raw) over (
            partition by vault_id, venue, market, readings_so_far order by log_position
        ) as flows_raw
    from numbered

),

lowest as (

    select
        *,
        min(flows_raw) over (
            partition by vault_id, venue, market, readings_so_far order by log_position
        ) as lowest_raw
    from summed

),

-- shares are exact until the price of the move values them
scaled as (

    select
        lowest.*,
        10::double ^ asset_decimals as unit,
        coalesce(
            moved_raw::double,
            shares_raw::double * share_price,
            (value_raw - books_before_raw - gain_raw)::double
        ) / unit as moved,
        case basis
            when 'reading' then value_raw::double / unit
            when 'books' then value_raw::double / unit
            when 'flows'
                then (flows_raw - least(lowest_raw, 0::bignum))::double / unit
            when 'shares'
                then case
                    when shares_after_raw < 0::bignum then null
                    when shares_after_raw = 0::bignum then 0
                    else shares_after_raw::double * share_price / unit
                end
        end as value
    from lowest
    inner join vaults using (vault_id)

),

followed as (

    select
        *,
        lag(value, 1, 0::double) over (
            partition by vault_id, venue, market order by log_position
        ) as value_before,
        coalesce(log_position <= last_reading, false) as is_read_later
    from scaled

)

select
    vault_id,
    venue,
    market,
    log_position,
    block_at,
    basis,
    moved,
    value,
    case
        when is_read_later or basis = 'shares'
            then value - value_before - moved
        when basis = 'books' then gain_raw::double / unit
    end as gain
from followed
