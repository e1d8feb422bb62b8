-- One row per vault that paid no exit for no_exit_days while holders waited.
-- An exit makes the shares fewer (total assets / share price), or is in the logs. One
-- under a hundred thousandth of the shares is lost in the rounding of prices, and one
-- that a larger deposit of the same day hides is told by logs alone. Where shares are
-- redeemed at once, nobody tells who waits: whoever holds a share counts, if somebody
-- held one no_exit_days ago. Elsewhere it is those whose requests are not settled.
-- grain: vault_id
with

limits as (

    select * from staging.thresholds

),

vaults as (

    select
        vault_id,
        vault_number,
        coalesce(is_synchronous, true) as is_synchronous
    from staging.vaults
    inner join staging.synchronous using (vault_id)

),

records as (

    select
        vault_number,
        last_at,
        -- in microseconds first: they are integers, and faster
        make_timestamptz(
            epoch_us(last_at) - (no_exit_days * 86_400_000_000)::bigint
        ) as from_at
    from intermediate.track_records
    cross join limits
    cross join staging.run
    where last_price > 0 and until_at - last_at <= interval 48 hours

),

points as (

    select
        points.vault_number,
        points.observed_at,
        points.next_at,
        from_at,
        points.total_assets,
        points.total_assets / nullif(share_price, 0) as shares
    from intermediate.price_returns as points
    inner join records
        on points.vault_number = records.vault_number
        and coalesce(points.next_at, points.observed_at) > records.from_at

),

steps as (

    select
        *,
        shares < (1 - 1e-5) * lag(shares) over (
            partition by vault_number order by observed_at
        ) as is_exit
    from points

),

standing as (

    select
        vault_number,
        any_value(from_at) as from_at,
        last(shares order by observed_at) as shares
    from steps
    group by vault_number
    -- few price points, or one without assets, could hide one; where nothing at all
    -- changes the source may only repeat itself, and the vault is flat
    having min(observed_at) <= any_value(from_at)
        and arg_min(shares, observed_at) > 0
        and count(*) >= 10
        and count(shares) = count(*)
        and min(total_assets) < max(total_assets)
        and not bool_or(coalesce(is_exit, false))

),

requests as (

    select
        vault_id,
        min(requested_at) as requested_at,
        sum(shares) as waiting_shares
    from intermediate.redemptions
    where status = 'waiting'
    group by vault_id

),

exits as (

    select
        vault_id,
        max(block_at) as exit_at
    from intermediate.flows
    where not is_deposit
    group by vault_id

)

select
    vault_id,
    standing.shares,
    waiting_shares
from standing
inner join vaults using (vault_number)
left join requests using (vault_id)
left join exits using (vault_id)
where standing.shares > 0
    and coalesce(exit_at <= from_at, true)
    and coalesce(requested_at <= from_at, is_synchronous)
