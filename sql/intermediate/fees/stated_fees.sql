-- One row per part of a fee that an event of the vault itself states.
-- Lagoon since v0.6: FeeTaken, by type, to the manager and to the protocol. MetaMorpho,
-- Morpho V2 and Euler Earn: AccrueInterest. Euler's lending vaults: ConvertFees, to the
-- governor and to the protocol; it is on interest, and so on gains. These state shares.
-- Yearn V3 states assets: Reported and Accrued of a strategy, all of it for gains, and
-- StrategyReported of a vault, whose accountant does not say what for. So does Yearn
-- V2's FeeReport: the strategist's part is for gains; whose the rest is nobody tells.
-- grain: vault_id, log_position, part
-- stored
-- columns:
--   part: 1 before 2, in the order in which the contract mints
--   kind: valuation, entry, exit or accrual
--   purpose: management or performance; null: neither, or not told
--   is_protocol: whether it is the protocol's; null: not told
--   shares_raw: minted for it; null where assets are stated
--   assets_raw: what it is worth; null where shares are stated
--   rate: as stated, a fraction
with

events as (

    select *
    from intermediate.vault_events
    where event in (
        'AccrueInterest', 'Reported', 'Accrued', 'StrategyReported', 'ConvertFees',
        'FeeReport', 'FeeTaken'
    )

),

unfolded as (

    select
        *,
        unnest([1, 2]) as part,
        case event
            when 'FeeTaken'
                then case arguments->>'feeType'
                    when '0' then 'valuation'
                    when '1' then 'valuation'
                    when '2' then 'entry'
                    when '3' then 'exit'
                end
            else 'accrual'
        end as kind
    from events

),

told as (

    select
        *,
        case
            when event = 'FeeTaken'
                then case arguments->>'feeType'
                    when '0' then 'management'
                    when '1' then 'performance'
                end
            when event = 'AccrueInterest' and part = 2 then 'management'
            when event = 'FeeReport' and part = 2 then 'management'
            when event != 'StrategyReported' then 'performance'
        end as purpose,
        case
            when event != 'FeeReport' then event != 'AccrueInterest' and part = 2
        end as is_protocol,
        case
            when event = 'AccrueInterest' and part = 1
                then coalesce(
                    arguments->>'feeShares', arguments->>'performanceFeeShares'
                )
            when event = 'AccrueInterest' then arguments->>'managementFeeShares'
            when event = 'ConvertFees' and part = 1 then arguments->>'governorShares'
            when event = 'ConvertFees' then arguments->>'protocolShares'
            when event = 'FeeTaken' and part = 1 then arguments->>'managerShares'
            -- without the manager's nothing is minted
            when event = 'FeeTaken' and (arguments->>'managerShares') != '0'
                then arguments->>'protocolShares'
        end::bignum as shares_raw,
        case
            when event in ('Reported', 'Accrued') and part = 1
                then (arguments->>'performanceFees')::bignum
            when event in ('Reported', 'Accrued')
                then (arguments->>'protocolFees')::bignum
            when event = 'StrategyReported' and part = 1
                then (arguments->>'total_fees')::bignum
                    - (arguments->>'protocol_fees')::bignum
            when event = 'StrategyReported' then (arguments->>'protocol_fees')::bignum
            when event = 'FeeReport' and part = 1
                then (arguments->>'performance_fee')::bignum
                    + (arguments->>'strategist_fee')::bignum
            when event = 'FeeReport' then (arguments->>'management_fee')::bignum
        end as assets_raw,
        (arguments->>'rate')::double / 10000 as rate
    from unfolded

)

select
    vault_id,
    log_position,
    part,
    block_number,
    transaction_hash,
    kind,
    purpose,
    is_protocol,
    shares_raw,
    assets_raw,
    rate
from told
where shares_raw > 0::bignum or assets_raw > 0::bignum
