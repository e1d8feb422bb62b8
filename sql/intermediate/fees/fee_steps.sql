-- One row per moment at which a vault's holders paid a fee: what it cost.
-- Lagoon: each valuation, with or without a fee, the entry and exit fees of v0.6, and
-- its haircuts, which burn shares of who leaves at once. Veda: each claim, in assets.
-- All others: what an event states, with all of its mints, and each mint to a receiver
-- of fees, which may be something else than a fee: such rows are estimated.
-- drag is what the fee took off the price: supply before / after - 1, with the virtual
-- shares of the family, and of a claim -assets / (what all shares are worth + assets).
-- An entry or exit fee and a haircut take nothing off it: who comes or goes pays.
-- Shares that accrue without a mint take it off little by little; it counts when they
-- are minted. log_position is that of the last mint, statement_position that of the
-- event that states the fee, or of the mint.
-- grain: vault_id, log_position
-- stored
with

vaults as (

    select
        *,
        10::double ^ share_decimals as share_unit,
        10::double ^ asset_decimals as asset_unit,
        coalesce(virtual_shares, 0) * case
            when has_decimals_offset then 10::double ^ (share_decimals - asset_decimals)
            else 1
        end as added_shares
    from staging.vaults
    inner join staging.families using (family)

),

mints as (

    select * from intermediate.fee_mints where kind != 'valuation'

),

prices as (

    select * from intermediate.flow_prices

),

supply as (

    select * from intermediate.supply_changes

),

valuations as (

    select
        vault_id,
        log_position,
        block_number,
        transaction_hash,
        block_at,
        'valuation' as kind,
        supply_before_raw,
        supply_after_raw,
        fee_shares_raw,
        manager_shares_raw,
        protocol_shares_raw,
        fee_assets_raw / 10::double ^ asset_decimals as fee_assets,
        gross_price,
        net_price,
        0 - fee_shares_raw::double / (supply_after_raw::double + virtual_shares)
            as drag,
        case
            when not is_accounted_for then 'logs_missing'
            when not is_priced then 'no_holders'
        end as reason
    from intermediate.lagoon_valuations

),

minted as (

    select
        vault_id,
        kind,
        coalesce(statement_position, log_position) as statement,
        statement as statement_position,
        max(log_position) as log_position,
        max(block_number) as block_number,
        any_value(transaction_hash) as transaction_hash,
        max(block_at) as block_at,
        sum(shares_raw) as fee_shares_raw,
        sum(shares_raw) filter (is_protocol) as protocol_raw,
        sum(shares_raw::double * management_share order by log_position)
            / sum(shares_raw)::double as management_share,
        bool_and(is_protocol is not null) as is_divided,
        bool_and(management_share is not null) as is_split,
        max(rate) as rate
    from mints
    group by vault_id, kind, statement

),

haircuts as (

    select
        vault_id,
        'haircut' as kind,
        log_position,
        log_position as statement_position,
        block_number,
        transaction_hash,
        block_at,
        0::bignum as fee_shares_raw,
        false as is_divided,
        false as is_split,
        (arguments->>'shares')::bignum as haircut_shares_raw,
        (arguments->>'rate')::double / 10000 as rate
    from intermediate.vault_events
    where event = 'HaircutTaken'

),

claims as (

    select
        vault_id,
        'claim' as kind,
        log_position,
        block_number,
        transaction_hash,
        block_at,
        0::bignum as fee_shares_raw,
        false as is_divided,
        false as is_split,
        assets_raw as claimed_raw,
        receiver,
        assets_raw is null as is_other_asset
    from intermediate.veda_fee_claims

),

others as (

    select * from minted
    union all by name
    select * from haircuts
    union all by name
    select * from claims

),

supplied as (

    select
        others.*,
        coalesce(supply.total_supply_raw, 0::bignum) as supply_after_raw
    from others
    asof left join supply
        on others.vault_id = supply.vault_id
        and others.log_position >= supply.log_position

),

priced as (

    select
        supplied.*,
        share_unit,
        prices.share_price as net_price,
        claimed_raw::double / asset_unit as claimed,
        case
            when kind in ('entry', 'exit', 'haircut') then 0
            when kind = 'claim'
                then 0 - claimed / nullif(
                    supply_after_raw::double / share_unit * net_price + claimed, 0
                )
            else 0 - fee_shares_raw::double
                / nullif(supply_after_raw::double + added_shares, 0)
        end as drag,
        case
            when coalesce(is_other_asset, false) then 'other_asset'
            when net_price is null then 'flows_not_priced'
        end as reason
    from supplied
    inner join vaults using (vault_id)
    asof left join prices
        on supplied.vault_id = prices.vault_id
        and supplied.block_at >= prices.observed_at

)

select
    vault_id,
    log_position,
    log_position as statement_position,
    block_number,
    transaction_hash,
    block_at,
    kind,
    supply_before_raw,
    supply_after_raw,
    fee_shares_raw,
    manager_shares_raw,
    protocol_shares_raw,
    null::double as management_share,
    null::bignum as haircut_shares_raw,
    null::double as rate,
    null::varchar as receiver,
    case when reason is null then fee_assets end as fee_assets,
    case when reason is null then gross_price end as gross_price,
    case when reason is null then net_price end as net_price,
    case when reason is null then drag end as drag,
    reason
from valuations

union all

select
    vault_id,
    log_position,
    statement_position,
    block_number,
    transaction_hash,
    block_at,
    kind,
    supply_after_raw - fee_shares_raw as supply_before_raw,
    supply_after_raw,
    fee_shares_raw,
    case when is_divided then fee_shares_raw - coalesce(protocol_raw, 0::bignum) end
        as manager_shares_raw,
    case when is_divided then coalesce(protocol_raw, 0::bignum) end
        as protocol_shares_raw,
    case when is_split then management_share end as management_share,
    haircut_shares_raw,
    rate,
    receiver,
    case
        when kind = 'claim' then claimed
        when reason is null then fee_shares_raw::double / share_unit * net_price
    end as fee_assets,
    case when reason is null then net_price / nullif(1 + drag, 0) end as gross_price,
    case when reason is null then net_price end as net_price,
    case when reason is null then drag end as drag,
    reason
from priced
