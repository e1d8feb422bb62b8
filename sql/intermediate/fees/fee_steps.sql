-- One row per moment at which a vault's holders paid a fee in shares: what it cost.
-- Lagoon: each valuation, with or without a fee, and the entry and exit fees of v0.6.
-- All others: each mint without a deposit, which may be something else than a fee: such
-- rows are estimated. drag is what the mint took off the price: supply before / after
-- - 1; an entry or exit fee takes nothing off it, it is paid by who comes or goes.
-- grain: vault_id, log_position
-- stored
with

vaults as (

    select * from staging.vaults

),

mints as (

    select * from intermediate.fee_mints where not is_of_valuation

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

other_mints as (

    select
        mints.*,
        if(flow_source = 'settlements', 'entry_or_exit', 'mint_without_deposit')
            as kind,
        supply.total_supply_raw,
        supply.total_supply_raw - shares_raw as supply_before_raw
    from mints
    left join supply using (vault_id, log_position)

),

valued_mints as (

    select
        other_mints.*,
        10::double ^ share_decimals as share_unit,
        prices.share_price as net_price,
        case
            when kind = 'entry_or_exit' then 0
            else 0 - shares_raw::double / nullif(total_supply_raw::double, 0)
        end as drag
    from other_mints
    inner join vaults using (vault_id)
    asof left join prices
        on other_mints.vault_id = prices.vault_id
        and other_mints.block_at >= prices.observed_at

)

select
    vault_id,
    log_position,
    block_number,
    transaction_hash,
    block_at,
    kind,
    supply_before_raw,
    supply_after_raw,
    fee_shares_raw,
    manager_shares_raw,
    protocol_shares_raw,
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
    block_number,
    transaction_hash,
    block_at,
    kind,
    supply_before_raw,
    total_supply_raw as supply_after_raw,
    shares_raw as fee_shares_raw,
    null::bignum as manager_shares_raw,
    null::bignum as protocol_shares_raw,
    shares_raw::double / share_unit * net_price as fee_assets,
    net_price / nullif(1 + drag, 0) as gross_price,
    net_price,
    case when net_price is not null then drag end as drag,
    case when net_price is null then 'flows_not_priced' end as reason
from valued_mints
