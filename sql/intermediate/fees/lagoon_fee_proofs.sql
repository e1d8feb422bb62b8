-- One row per Lagoon valuation whose rates are known: the fee by the contract's rules.
-- formula, in integers, each step rounded up:
--   management = assets * rate / 1e4 * elapsed / 31536000
--   price = 10 ^ share decimals * (total assets + 1 - management) / shares
--   performance = (price - high-water mark) * supply / 10 ^ share decimals * rate / 1e4
--   fee shares = fee * shares / (total assets + 1 - management - performance)
--   with shares = supply + 10 ^ (share - asset decimals)
-- The code that was live decides on two steps. v0.2 to v0.5: assets are the total that
-- the valuation states, and the fee is both as one. v0.6: assets are the average of
-- that and the total before it, rounded down, and each fee's shares are counted apart.
-- is_reproduced: whether these are the shares that were minted; in v0.6, those of each
-- fee that it states, and divided by the protocol's rate.
-- Amounts of 10 ^ 30 and over are not tried.
-- grain: vault_id, log_position
-- stored
with

rates as (

    select * from intermediate.lagoon_rates

),

totals as (

    select * from intermediate.lagoon_v6_totals

),

valuations as (

    select *
    from intermediate.lagoon_valuations
    inner join rates using (vault_id, log_position)
    left join totals using (vault_id, log_position)
    where is_priced and is_accounted_for and elapsed_seconds is not null
        and (previous_assets_raw is not null or not is_v6)
        and total_assets_raw::double < 1e30 and supply_after_raw::double < 1e30
        and coalesce(previous_assets_raw::double, 0) between 0 and 1e30
        and share_decimals <= 36
        and management_rate between 0 and 10000
        and coalesce(performance_rate, 0) between 0 and 10000

),

integers as (

    select
        *,
        try_cast(high_water_mark_raw::varchar as hugeint) as high_water_mark,
        try_cast(total_assets_raw::varchar as hugeint) as assets,
        case
            when is_v6
                then (
                    assets + try_cast(previous_assets_raw::varchar as hugeint)
                ) // 2
            else assets
        end as charged_assets,
        try_cast(supply_before_raw::varchar as hugeint) as supply,
        supply + virtual_shares::hugeint as shares,
        ('1' || repeat('0', share_decimals))::hugeint as share
    from valuations

),

managed as (

    select
        *,
        intermediate.mul_div_up(
            (charged_assets * management_rate + 9999) // 10000,
            elapsed_seconds::bigint::hugeint,
            31536000::hugeint
        ) as management
    from integers

),

priced as (

    select
        *,
        intermediate.mul_div_up(share, assets + 1 - management, shares) as price
    from managed

),

gained as (

    select
        *,
        greatest(price - high_water_mark, 0::hugeint) as gain,
        intermediate.mul_div_up(gain, supply, share) as profit
    from priced

),

charged as (

    -- a performance rate that never showed had no gain to show at
    select
        *,
        case
            when gain = 0 then 0::hugeint
            else (profit * performance_rate + 9999) // 10000
        end as performance,
        assets + 1 - management - performance as denominator
    from gained

),

counted as (

    select
        *,
        intermediate.mul_div_up(
            if(is_v6, management, management + performance), shares, denominator
        ) as first_shares,
        case
            when is_v6 then intermediate.mul_div_up(performance, shares, denominator)
            else 0::hugeint
        end as second_shares
    from charged
    where denominator > 0

)

select
    vault_id,
    log_position,
    source,
    if(is_v6, 'v0.6', 'v0.5') as rule,
    management::bignum as management_raw,
    performance::bignum as performance_raw,
    (first_shares + second_shares)::bignum as recomputed_raw,
    case
        when is_v6
            then first_shares::bignum = told_management_raw
                and second_shares::bignum = told_performance_raw
                and coalesce(is_told_divided, true)
        else recomputed_raw = fee_shares_raw
    end as is_reproduced
from counted
where recomputed_raw is not null
