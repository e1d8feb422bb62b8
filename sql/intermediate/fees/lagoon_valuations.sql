-- One row per Lagoon valuation: the supply before and after the fees minted for it.
-- formula: fee_assets_raw = fee shares * (total assets + 1)
--   / (supply before + 10 ^ (share - asset decimals) + fee shares)
-- FeeTaken says which mints are the manager's. Before v0.6 nothing does: of two mints
-- that of the receiver that the contract names is, and where it names neither or both,
-- the first is. elapsed_seconds is since the last valuation, as the management fee
-- counts it; of the first, in v0.6, since the vault began. The high-water mark is a
-- price in raw units of the asset per whole share; it starts at one asset, and v0.6 may
-- set it down. is_v6: whether the code was v0.6.
-- grain: vault_id, log_position
-- stored
with

vaults as (

    select * from staging.vaults where family = 'lagoon'

),

supply as (

    select * from intermediate.supply_changes

),

prices as (

    select * from intermediate.lagoon_prices

),

valuations as (

    select
        *,
        (arguments->>'totalAssets')::bignum as total_assets_raw,
        epoch(block_at) - epoch(lag(block_at) over (
            partition by vault_id order by log_position
        )) as elapsed_seconds
    from intermediate.vault_events
    where flow_source = 'settlements' and event = 'TotalAssetsUpdated'

),

high_water_marks as (

    select
        vault_id,
        log_position,
        (arguments->>'oldHighWaterMark')::bignum as old_mark,
        (arguments->>'newHighWaterMark')::bignum as new_mark,
        row_number() over (partition by vault_id order by log_position) as place
    from intermediate.vault_events
    where event = 'HighWaterMarkUpdated'

),

first_marks as (

    select
        vault_id,
        old_mark as first_mark
    from high_water_marks
    where place = 1

),

receivers as (

    select
        vault_id,
        account as receiver,
        true as is_named
    from intermediate.fee_receivers

),

fee_mints as (

    select
        vault_id,
        valuation_position as log_position,
        shares_raw,
        is_protocol,
        coalesce(is_named, false) as is_named,
        count(*) over by_valuation = count(is_named) over by_valuation
            or count(is_named) over by_valuation = 0 as is_told_by_order,
        row_number() over (
            partition by vault_id, valuation_position order by fee_mints.log_position
        ) as place
    from intermediate.fee_mints
    left join receivers using (vault_id, receiver)
    where kind = 'valuation'
    window by_valuation as (partition by vault_id, valuation_position)

),

mints as (

    select
        vault_id,
        log_position,
        sum(shares_raw) as fee_shares_raw,
        sum(shares_raw) filter (
            case
                when is_protocol is not null then not is_protocol
                when is_told_by_order then place = 1
                else is_named
            end
        ) as manager_shares_raw
    from fee_mints
    group by vault_id, log_position

),

-- since v0.6 each fee has an event
told as (

    select * from intermediate.lagoon_fees_taken where fee_type in ('0', '1')

),

spans as (

    select * from intermediate.lagoon_v6_spans

),

told_by_valuation as (

    select
        valuations.vault_id,
        valuations.log_position,
        sum(shares_raw) filter (where fee_type = '0') as told_management_raw,
        sum(shares_raw) filter (where fee_type = '1') as told_performance_raw,
        max(rate) filter (where fee_type = '0') as told_management_rate,
        max(rate) filter (where fee_type = '1') as told_performance_rate,
        bool_and(is_divided) as is_told_divided
    from told
    asof inner join valuations
        on told.vault_id = valuations.vault_id
        and told.transaction_hash = valuations.transaction_hash
        and told.log_position >= valuations.log_position
    group by all

),

joined as (

    select
        valuations.vault_id,
        valuations.log_position,
        valuations.block_number,
        valuations.transaction_hash,
        valuations.block_at,
        coalesce(
            valuations.elapsed_seconds,
            epoch(valuations.block_at) - epoch(spans.initialized_at)
        ) as elapsed_seconds,
        valuations.total_assets_raw,
        share_decimals,
        asset_decimals,
        coalesce(supply.total_supply_raw, 0::bignum) as supply_before_raw,
        coalesce(mints.fee_shares_raw, 0::bignum) as fee_shares_raw,
        coalesce(mints.manager_shares_raw, 0::bignum) as manager_shares_raw,
        told_by_valuation.vault_id is not null as is_told,
        is_told or (
            spans.vault_id is not null
            and valuations.log_position
            < coalesce(spans.to_position, 9223372036854775807)
        ) as is_v6,
        coalesce(told_management_raw, 0::bignum) as told_management_raw,
        coalesce(told_performance_raw, 0::bignum) as told_performance_raw,
        told_management_rate,
        told_performance_rate,
        is_told_divided,
        coalesce(
            high_water_marks.new_mark,
            first_marks.first_mark,
            (10::double ^ asset_decimals)::hugeint::bignum
        ) as high_water_mark_raw,
        prices.vault_id is not null as is_priced,
        coalesce(prices.is_accounted_for, true) as is_accounted_for
    from valuations
    inner join vaults using (vault_id)
    asof left join supply
        on valuations.vault_id = supply.vault_id
        and valuations.log_position >= supply.log_position
    asof left join high_water_marks
        on valuations.vault_id = high_water_marks.vault_id
        and valuations.log_position >= high_water_marks.log_position
    left join first_marks
        on valuations.vault_id = first_marks.vault_id
    left join mints
        on valuations.vault_id = mints.vault_id
        and valuations.log_position = mints.log_position
    asof left join spans
        on valuations.vault_id = spans.vault_id
        and valuations.log_position >= spans.from_position
    left join told_by_valuation
        on valuations.vault_id = told_by_valuation.vault_id
        and valuations.log_position = told_by_valuation.log_position
    left join prices
        on valuations.vault_id = prices.vault_id
        and valuations.log_position = prices.log_position

)

select
    vault_id,
    log_position,
    block_number,
    transaction_hash,
    block_at,
    elapsed_seconds,
    share_decimals,
    asset_decimals,
    total_assets_raw,
    supply_before_raw,
    supply_before_raw + fee_shares_raw as supply_after_raw,
    fee_shares_raw,
    manager_shares_raw,
    fee_shares_raw - manager_shares_raw as protocol_shares_raw,
    is_v6,
    is_told,
    is_told_divided,
    told_management_raw,
    told_performance_raw,
    told_management_rate,
    told_performance_rate,
    high_water_mark_raw,
    is_priced,
    is_accounted_for,
    10::double ^ (share_decimals - asset_decimals) as virtual_shares,
    (total_assets_raw + 1::bignum)::double
        / (supply_before_raw::double + virtual_shares) * virtual_shares as gross_price,
    (total_assets_raw + 1::bignum)::double
        / (supply_after_raw::double + virtual_shares) * virtual_shares as net_price,
    fee_shares_raw::double * (total_assets_raw + 1::bignum)::double
        / (supply_after_raw::double + virtual_shares) as fee_assets_raw
from joined
