-- One row per moment at which a vault's holders paid a fee: what, for what, to whom.
-- A mint of shares is a fee where an event of the vault states it, where it is made for
-- a Lagoon valuation, or where the contract or the config names its receiver; others
-- that no deposit asked for are in marts.warnings. The split is the event's, or by the
-- rates: of their event, read, or recovered from the mints. is_reproduced says whether
-- the integer formula of the contract's code that was live gives the shares to the last
-- digit, each fee's and the protocol's part where they are told; where it does, the
-- rates are proved.
-- grain: vault_id, log_position
-- units:
--   asset: fee_assets, management_fee, performance_fee
--   shares: fee_shares, haircut_shares
--   asset per share: high_water_mark, high_water_mark_reset_from, gross_price,
--     net_price, price_without_fees
--   fraction: performance_rate, flow_rate, protocol_part, fee_drag
--   fraction per year: management_rate
--   days: elapsed_days
--   block number: block_number
--   log position: log_position
--   smallest unit of the asset: total_assets_raw
--   smallest unit of the share: supply_before_raw, supply_after_raw, fee_shares_raw,
--     recomputed_shares_raw, manager_shares_raw, protocol_shares_raw,
--     haircut_shares_raw
-- columns:
--   vault_id: the vault's id in the config
--   log_position: block number * 1000000 + log index
--   block_number: block of the log
--   transaction_hash: its transaction
--   block_at: its time, UTC
--   kind: valuation (of Lagoon), entry, exit, haircut, accrual (stated by an event),
--     claim (paid in assets) or mint_to_receiver
--   is_estimated: whether only the receiver of the shares shows that it is a fee
--   fee_shares: shares minted for the fee, in units of the share; none in a haircut or
--     claim
--   fee_assets: the fee in units of the asset: its shares at the price after them; of a
--     claim what was paid
--   management_fee: part of fee_assets; null where the split is not known
--   performance_fee: part of fee_assets; null where the split is not known; on entry
--     and exit both are zero
--   split_reason: why the two are null
--   management_rate: management fee in force, fraction of the assets per year; null if
--     not known
--   performance_rate: performance fee in force, fraction of the gain; null if not known
--     or never shown
--   flow_rate: rate of an entry or exit fee or a haircut, fraction of the shares that
--     came or went
--   rates_source: event, state, recovered, or told (by each fee's event); null: none
--   rule: of the code that was live: v0.5 (v0.2 to v0.5) or v0.6; null if not tried
--   is_reproduced: whether the rule gives the shares, and of v0.6 each part, exactly;
--     null if not tried
--   protocol_part: part of the shares that went to the protocol
--   high_water_mark: high-water mark before the fee, in units of the asset per share
--   high_water_mark_reset_from: the mark that was set down since the last valuation, so
--     that gains up to it pay a performance fee again; null: none was
--   elapsed_days: days since the last valuation
--   gross_price: price per share as if nothing had been minted for the fee
--   net_price: price per share after the fee
--   price_without_fees: price per share, had no fee ever been minted
--   fee_drag: net_price / gross_price - 1
--   haircut_shares: shares burned without a payment of who left at once, in units of
--     the share; what they are worth stays with the other holders
--   receiver: whom a claim paid; null of all others, and where no log tells
--   reason: why prices and fee_assets are null
--   total_assets_raw: assets of the vault that the fee was taken of, exact
--   supply_before_raw: shares in existence before the fee, exact
--   supply_after_raw: shares in existence after the fee, exact
--   fee_shares_raw: shares minted for the fee, exact
--   manager_shares_raw: shares of the fee minted to the manager, exact
--   protocol_shares_raw: shares of the fee minted to the protocol, exact
--   haircut_shares_raw: shares burned by a haircut, exact
--   recomputed_shares_raw: what the rule gives for fee_shares_raw, of a haircut for
--     haircut_shares_raw; null if not tried
with

vaults as (

    select * from staging.vaults

),

steps as (

    select
        *,
        product(1 + coalesce(drag, 0)) over (
            partition by vault_id order by log_position rows unbounded preceding
        ) as kept
    from intermediate.fee_steps

),

valuations as (

    select
        vault_id,
        log_position,
        is_told,
        told_management_raw,
        told_management_rate,
        told_performance_rate,
        total_assets_raw,
        high_water_mark_raw,
        elapsed_seconds
    from intermediate.lagoon_valuations

),

rates as (

    select * from intermediate.lagoon_rates

),

proofs as (

    select
        vault_id,
        log_position as statement_position,
        rule,
        management_raw,
        performance_raw,
        recomputed_raw,
        is_reproduced
    from intermediate.lagoon_fee_proofs

    union all

    select
        vault_id,
        log_position,
        'v0.6' as rule,
        null as management_raw,
        null as performance_raw,
        recomputed_raw,
        is_reproduced
    from intermediate.lagoon_flow_fee_proofs

),

resets as (

    select
        vault_id,
        valuation_position as log_position,
        max(old_mark_raw) as reset_from_raw
    from intermediate.lagoon_mark_resets
    group by all

),

joined as (

    select
        steps.*,
        valuations.is_told,
        valuations.told_management_raw,
        valuations.total_assets_raw,
        valuations.high_water_mark_raw,
        valuations.elapsed_seconds,
        coalesce(valuations.told_management_rate, rates.management_rate) / 10000
            as management_rate,
        coalesce(valuations.told_performance_rate, rates.performance_rate) / 10000
            as performance_rate,
        case
            when valuations.is_told or steps.rate is not null then 'told'
            else rates.source
        end as rates_source,
        proofs.management_raw,
        proofs.performance_raw,
        proofs.rule,
        proofs.recomputed_raw,
        proofs.is_reproduced,
        reset_from_raw,
        vaults.asset_decimals,
        vaults.share_decimals,
        case
            when steps.reason is not null then null
            when steps.kind in ('entry', 'exit') then 0
            when steps.management_share is not null
                then management_share * steps.fee_assets
            when valuations.is_told
                then told_management_raw::double / 10::double ^ vaults.share_decimals
                    * steps.net_price
            -- rates that do not give the shares split nothing
            when proofs.is_reproduced
                then management_raw::double
                    / (management_raw + performance_raw)::double * steps.fee_assets
        end as management_part,
        case
            when steps.kind = 'claim' then null
            when fee_shares_raw = 0::bignum then 0
            else management_part
        end as management_fee
    from steps
    inner join vaults using (vault_id)
    left join valuations using (vault_id, log_position)
    left join rates using (vault_id, log_position)
    left join proofs using (vault_id, statement_position)
    left join resets using (vault_id, log_position)

)

select
    vault_id,
    log_position,
    block_number,
    transaction_hash,
    block_at,
    kind,
    kind = 'mint_to_receiver' as is_estimated,
    fee_shares_raw::double / 10::double ^ share_decimals as fee_shares,
    fee_assets,
    management_fee,
    case
        when kind in ('entry', 'exit') then 0 * fee_assets
        else fee_assets - management_fee
    end as performance_fee,
    case
        when reason is not null then reason
        when management_fee is null then 'rates_unknown'
    end as split_reason,
    management_rate,
    performance_rate,
    rate as flow_rate,
    rates_source,
    rule,
    is_reproduced,
    protocol_shares_raw::double / nullif(fee_shares_raw::double, 0) as protocol_part,
    high_water_mark_raw::double / 10::double ^ asset_decimals as high_water_mark,
    reset_from_raw::double / 10::double ^ asset_decimals as high_water_mark_reset_from,
    elapsed_seconds / 86400 as elapsed_days,
    gross_price,
    net_price,
    net_price / nullif(kept, 0) as price_without_fees,
    drag as fee_drag,
    haircut_shares_raw::double / 10::double ^ share_decimals as haircut_shares,
    receiver,
    reason,
    total_assets_raw::varchar as total_assets_raw,
    supply_before_raw::varchar as supply_before_raw,
    supply_after_raw::varchar as supply_after_raw,
    fee_shares_raw::varchar as fee_shares_raw,
    manager_shares_raw::varchar as manager_shares_raw,
    protocol_shares_raw::varchar as protocol_shares_raw,
    haircut_shares_raw::varchar as haircut_shares_raw,
    recomputed_raw::varchar as recomputed_shares_raw
from joined
