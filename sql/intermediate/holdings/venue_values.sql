-- One row per move to or from a venue: what the vault had there after it, in the asset.
-- formula: books: as stated; shares: shares left times the assets per share of the
--   move; flows: what went in less what came out, not less than zero
-- A gain is what the value rose by between two moves; flows do not tell it. More shares
-- taken out than put in show that the archive begins later, and give no value.
-- grain: vault_id, venue, market, log_position
with

vaults as (

    select
        vault_id,
        asset_decimals
    from staging.vaults

),

summed as (

    select
        *,
        sum(shares_raw) over so_far as shares_after_raw,
        sum(moved_raw) over so_far as flows_after_raw,
        lag(value_raw, 1, 0::bignum) over so_far as books_before_raw
    from intermediate.venue_moves
    window so_far as (
        partition by vault_id, venue, market order by log_position
    )

),

-- shares are exact until the price of the move values them
scaled as (

    select
        summed.*,
        10::double ^ asset_decimals as unit,
        coalesce(moved_raw, value_raw - books_before_raw - gain_raw)::double / unit
            as moved,
        case basis
            when 'books' then value_raw::double / unit
            when 'flows' then greatest(flows_after_raw::double, 0) / unit
            when 'shares'
                then case
                    when shares_after_raw < 0::bignum then null
                    when shares_after_raw = 0::bignum then 0
                    else shares_after_raw::double
                        * (moved_raw::double / nullif(shares_raw::double, 0)) / unit
                end
        end as value
    from summed
    inner join vaults using (vault_id)

),

followed as (

    select
        *,
        lag(value) over (
            partition by vault_id, venue, market order by log_position
        ) as value_before
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
    case basis
        when 'books' then gain_raw::double / unit
        when 'shares' then value - coalesce(value_before, 0) - moved
    end as gain
from followed
