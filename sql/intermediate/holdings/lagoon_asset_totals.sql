-- One row per moment at which a Lagoon vault's own events state its total assets.
-- They are those of a valuation, of what its settlement moved, and with what was
-- deposited or redeemed at once since. A redemption at once takes off the total what
-- its shares are worth without a haircut, which stays until the next valuation; one of
-- a closed vault what it pays.
-- formula of a redemption: assets paid x (1 + h / (shares - exit fee shares - h)),
--   where h are the shares of the haircut
-- grain: vault_id, observed_at
with

vaults as (

    select * from staging.vaults where family = 'lagoon'

),

run as (

    select * from staging.run

),

events as (

    select *
    from staging.events
    semi join vaults using (vault_id)
    where event in (
        'TotalAssetsUpdated', 'SettleDeposit', 'SettleRedeem', 'DepositSync',
        'WithdrawSync', 'FeeTaken', 'HaircutTaken'
    )
        and block_at < (select until_at from run)

),

-- what a redemption's fee and haircut are is logged before it
redemptions as (

    select
        *,
        count(*) filter (event = 'WithdrawSync') over (
            partition by vault_id, transaction_hash order by log_position
            rows between unbounded preceding and 1 preceding
        ) as redemption
    from events

),

kept as (

    select
        vault_id,
        transaction_hash,
        redemption,
        max(log_position) filter (event = 'WithdrawSync') as log_position,
        coalesce(
            sum((arguments->>'shares')::double) filter (
                event = 'FeeTaken' and (arguments->>'feeType') = '3'
            ),
            0
        ) as fee_shares,
        coalesce(
            sum((arguments->>'shares')::double) filter (event = 'HaircutTaken'), 0
        ) as haircut_shares
    from redemptions
    group by vault_id, transaction_hash, redemption
    having count(*) filter (event = 'WithdrawSync') > 0

),

changes as (

    select
        events.vault_id,
        events.log_position,
        block_at,
        case
            when event in ('TotalAssetsUpdated', 'SettleDeposit', 'SettleRedeem')
                then (arguments->>'totalAssets')::bignum
        end as total_raw,
        case event
            when 'DepositSync' then (arguments->>'assets')::bignum
            when 'WithdrawSync'
                then 0::bignum - (arguments->>'assets')::bignum
                    - case
                        when haircut_shares > 0
                            then try_cast(round(
                                (arguments->>'assets')::double * haircut_shares / (
                                    (arguments->>'shares')::double - fee_shares
                                    - haircut_shares
                                )
                            ) as hugeint)::bignum
                        else 0::bignum
                    end
            else 0::bignum
        end as added_raw
    from events
    left join kept using (vault_id, log_position)
    where event not in ('FeeTaken', 'HaircutTaken')

    union all

    select
        vault_id,
        log_position,
        block_at,
        null,
        assets_raw
    from intermediate.flows
    semi join vaults using (vault_id)
    where kind = 'withdrawal'

),

numbered as (

    select
        *,
        max(case when total_raw is not null then log_position end) over (
            partition by vault_id order by log_position rows unbounded preceding
        ) as total_position
    from changes

),

summed as (

    select
        vault_id,
        log_position,
        block_at,
        first_value(total_raw) over since_total
            + sum(added_raw) over since_total as total_raw
    from numbered
    where total_position is not null
    window since_total as (
        partition by vault_id, total_position order by log_position
        rows unbounded preceding
    )

)

select
    vault_id,
    block_at as observed_at,
    arg_max(total_raw, log_position)::double
        / any_value(10::double ^ asset_decimals) as total_assets
from summed
inner join vaults using (vault_id)
group by vault_id, block_at
