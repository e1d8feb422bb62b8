-- One row per Lagoon valuation whose rates are known: the fee by the contract's rules.
-- formula, in integers, each step rounded up (v0.2 to v0.5):
--   management = total assets * rate / 1e4 * elapsed / 31536000
--   price = 10 ^ share decimals * (total assets + 1 - management) / shares
--   performance = (price - high-water mark) * supply / 10 ^ share decimals * rate / 1e4
--   fee shares = (management + performance) * shares
--     / (total assets + 1 - management - performance)
--   with shares = supply + 10 ^ (share - asset decimals)
-- Whether the minted shares m are the last line's is asked without a division: whether
-- the numerator lies over (m - 1) and not over m times the denominator. Products are
-- made of halves of 18 digits. Amounts of 10 ^ 30 and over are not tried.
-- grain: vault_id, log_position
-- stored
with

rates as (

    select * from intermediate.lagoon_rates

),

valuations as (

    select *
    from intermediate.lagoon_valuations
    inner join rates using (vault_id, log_position)
    where is_priced and is_accounted_for and not is_told
        and elapsed_seconds is not null
        and total_assets_raw::double < 1e30 and supply_after_raw::double < 1e30
        and management_rate between 0 and 10000
        and coalesce(performance_rate, 0) between 0 and 10000

),

integers as (

    select
        vault_id,
        log_position,
        source,
        performance_rate,
        share_decimals,
        try_cast(high_water_mark_raw::varchar as hugeint) as high_water_mark,
        try_cast(total_assets_raw::varchar as hugeint) as assets,
        try_cast(supply_before_raw::varchar as hugeint) as supply,
        supply + virtual_shares::hugeint as shares,
        try_cast(fee_shares_raw::varchar as hugeint) as minted,
        (assets * management_rate + 9999) // 10000 as held,
        (held * elapsed_seconds::bigint + 31535999) // 31536000 as management,
        1000000000000000000::hugeint as half
    from valuations

),

-- the price: a quotient by doubles, put right twice by its exact remainder
scaled as (

    select
        *,
        ((assets + 1 - management)::varchar || repeat('0', share_decimals))::bignum
            as numerator,
        trunc(numerator::double / shares::double)::hugeint as first_quotient
    from integers

),

corrected as (

    select
        *,
        numerator
            - ((first_quotient % half) * (shares % half))::bignum
            - ((
                (first_quotient // half) * (shares % half)
                + (first_quotient % half) * (shares // half)
            )::varchar || repeat('0', 18))::bignum
            - (
                ((first_quotient // half) * (shares // half))::varchar
                || repeat('0', 36)
            )::bignum as first_rest,
        first_quotient + trunc(first_rest::double / shares::double)::hugeint as quotient
    from scaled

),

priced as (

    select
        *,
        numerator
            - ((quotient % half) * (shares % half))::bignum
            - ((
                (quotient // half) * (shares % half)
                + (quotient % half) * (shares // half)
            )::varchar || repeat('0', 18))::bignum
            - (((quotient // half) * (shares // half))::varchar || repeat('0', 36))
                ::bignum as rest,
        case
            when rest <= 0::bignum - shares::bignum then quotient - 1
            when rest <= 0::bignum then quotient
            when rest <= shares::bignum then quotient + 1
            else quotient + 2
        end as price
    from corrected

),

gained as (

    select
        *,
        greatest(price - high_water_mark, 0::hugeint) as gain,
        ((gain % half) * (supply % half))::bignum
            + ((
                (gain // half) * (supply % half) + (gain % half) * (supply // half)
            )::varchar || repeat('0', 18))::bignum
            + (((gain // half) * (supply // half))::varchar || repeat('0', 36))::bignum
            as gain_of_all,
        lpad(gain_of_all::varchar, 90, '0') as digits,
        left(digits, 90 - share_decimals)::hugeint
            + (right(digits, share_decimals) != repeat('0', share_decimals))::integer
            as profit
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
        management + performance as fee,
        assets + 1 - fee as denominator
    from gained

),

compared as (

    select
        *,
        ((fee % half) * (shares % half))::bignum
            + ((
                (fee // half) * (shares % half) + (fee % half) * (shares // half)
            )::varchar || repeat('0', 18))::bignum
            + (((fee // half) * (shares // half))::varchar || repeat('0', 36))::bignum
            as wanted,
        ((minted % half) * (denominator % half))::bignum
            + ((
                (minted // half) * (denominator % half)
                + (minted % half) * (denominator // half)
            )::varchar || repeat('0', 18))::bignum
            + (
                ((minted // half) * (denominator // half))::varchar
                || repeat('0', 36)
            )::bignum as found
    from charged

)

select
    vault_id,
    log_position,
    source,
    management::bignum as management_raw,
    performance::bignum as performance_raw,
    wanted <= found and wanted > found - denominator::bignum as is_reproduced
from compared
where fee is not null
