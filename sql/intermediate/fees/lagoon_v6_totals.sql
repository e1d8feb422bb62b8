-- One row per valuation of a Lagoon vault that was v0.6: the total assets before it.
-- Half of the management fee is of these. They are what the last valuation or
-- settlement stated, with what was deposited and redeemed at once since. A redemption
-- takes off what its shares less the exit fee are worth without the haircut, which no
-- event states: each is rounded down, of the total that the one before it left.
-- formula of a redemption: floor((shares - exit fee shares) * (total + 1)
--   / (supply + 10 ^ (share - asset decimals))), total and supply before it
-- Amounts of 10 ^ 30 and over are not tried; nor is what the logs do not reach back to.
-- grain: vault_id, log_position
with

spans as (

    select * from intermediate.lagoon_v6_spans

),

vaults as (

    select
        vault_id,
        10::double ^ (share_decimals - asset_decimals) as virtual_shares
    from staging.vaults
    where family = 'lagoon'

),

openings as (

    select
        vault_id,
        0::hugeint as opening_total
    from intermediate.lagoon_openings

),

supply as (

    select * from intermediate.supply_changes

),

events as (

    select
        vault_id,
        log_position,
        transaction_hash,
        event,
        (arguments->>'totalAssets')::bignum as stated_raw,
        (arguments->>'assets')::bignum as assets_raw,
        (arguments->>'shares')::bignum as shares_raw,
        lag(event) over by_transaction as event_before,
        lag((arguments->>'shares')::bignum) over by_transaction as shares_before
    from intermediate.vault_events
    semi join spans using (vault_id)
    where event in (
        'TotalAssetsUpdated', 'SettleDeposit', 'SettleRedeem', 'DepositSync',
        'WithdrawSync', 'FeeTaken'
    )
        and (event != 'FeeTaken' or (arguments->>'feeType') = '3')
    window by_transaction as (
        partition by vault_id, transaction_hash order by log_position
    )

),

changes as (

    select
        vault_id,
        log_position,
        event,
        stated_raw,
        case
            when event = 'DepositSync' then assets_raw
            else 0::bignum
        end as added_raw,
        case
            when event != 'WithdrawSync' then 0::bignum
            -- the fee on this exit is logged right before
            when event_before = 'FeeTaken' then shares_raw - shares_before
            else shares_raw
        end as taken_raw,
        count(stated_raw) over (
            partition by vault_id order by log_position rows unbounded preceding
        ) as place
    from events
    where event != 'FeeTaken'

),

steps as (

    select
        changes.*,
        {
            'stated': case
                when stated_raw::double < 1e30
                    then try_cast(stated_raw::varchar as hugeint)
            end,
            'is_stated': stated_raw is not null,
            'added': case
                when added_raw::double < 1e30
                    then try_cast(added_raw::varchar as hugeint)
            end,
            'taken': case
                when taken_raw::double < 1e30
                    then try_cast(taken_raw::varchar as hugeint)
            end,
            'shares': case
                when total_supply_raw::double < 1e30
                    then try_cast((total_supply_raw + taken_raw)::varchar as hugeint)
                        + virtual_shares::hugeint
            end
        } as step
    from changes
    inner join vaults using (vault_id)
    asof left join supply
        on changes.vault_id = supply.vault_id
        and changes.log_position >= supply.log_position

),

stretches as (

    select
        vault_id,
        place,
        arg_min(event, log_position) as event,
        min(log_position) as log_position,
        list_reduce(
            list(step order by log_position),
            lambda sum, next: {
                'stated': case
                    when next.is_stated then next.stated
                    when next.taken = 0 then sum.stated + next.added
                    else sum.stated - intermediate.mul_div_down(
                        next.taken, sum.stated + 1, next.shares
                    )
                end,
                'is_stated': true,
                'added': 0::hugeint,
                'taken': 0::hugeint,
                'shares': 0::hugeint
            },
            {
                'stated': any_value(opening_total),
                'is_stated': true,
                'added': 0::hugeint,
                'taken': 0::hugeint,
                'shares': 0::hugeint
            }
        ).stated as total
    from steps
    left join openings using (vault_id)
    group by vault_id, place

),

followed as (

    select
        stretches.vault_id,
        stretches.log_position,
        event,
        lag(total, 1, opening_total) over (
            partition by stretches.vault_id order by place
        ) as previous_total
    from stretches
    left join openings using (vault_id)

)

select
    followed.vault_id,
    followed.log_position,
    previous_total::bignum as previous_assets_raw
from followed
asof inner join spans
    on followed.vault_id = spans.vault_id
    and followed.log_position >= spans.from_position
where event = 'TotalAssetsUpdated' and previous_total is not null
    and followed.log_position < coalesce(to_position, 9223372036854775807)
