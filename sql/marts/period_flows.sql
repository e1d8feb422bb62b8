-- One row per vault with logs and period: what flowed in it, and what its fees cost.
-- A period is that of marts.performance; what flows at its first price point is before
-- it, but since inception everything counts.
-- grain: vault_id, period
-- one thread
-- units:
--   asset: deposits, withdrawals, net_flow, fee_assets, management_fee,
--     performance_fee, flow_fee
--   fraction: net_flow_share, fee_drag, gross_return
--   count: flows_count
--   place: period_position
-- columns:
--   vault_id: the vault's id in the config
--   period: as in marts.performance
--   period_position: order of the periods, from 1
--   start_at: the price point it starts with
--   end_at: the price point it ends with
--   deposits: assets that came in, in units of the asset
--   withdrawals: assets that went out, negative
--   net_flow: deposits + withdrawals: what came in, less what went out
--   net_flow_share: net flow after the start / total assets at the start
--   flows_count: deposits and withdrawals, or settlements of them
--   fee_assets: worth of the shares minted as fees, each at its own price, and of what
--     was paid in assets
--   management_fee: part of fee_assets; null where a split is not known
--   performance_fee: part of fee_assets; null where a split is not known
--   flow_fee: part of fee_assets that was taken of who came or went
--   fee_drag: what the fees took off the price per share; zero or negative
--   gross_return: return of the price per share, had no fee been minted
--   reason: why figures are null
with

periods as (

    select
        periods.*,
        flow_records.reason as record_reason
    from intermediate.periods
    inner join intermediate.flow_records using (vault_id)

),

vaults as (

    select * from staging.vaults

),

start_assets as (

    select
        vault_id,
        observed_at as start_at,
        total_assets
    from intermediate.flow_prices

),

flows as (

    select
        periods.vault_id,
        period,
        sum(assets_raw) filter (where is_deposit) as deposits_raw,
        sum(assets_raw) filter (where not is_deposit) as withdrawals_raw,
        sum(assets_raw) filter (where flows.block_at > periods.start_at) as later_raw,
        count(*) as flows_count
    from periods
    inner join intermediate.flows
        on periods.vault_id = flows.vault_id
        and (flows.block_at > periods.start_at or periods.period = 'itd')
        and flows.block_at <= periods.end_at
        and flows.is_cash
    where periods.reason is null
    group by all

),

fees as (

    select
        periods.vault_id,
        period,
        sum(fee_assets order by log_position) as fee_assets,
        sum(management_fee order by log_position) as management_fee,
        sum(fee_assets order by log_position) filter (fees.kind in ('entry', 'exit'))
            as flow_fee,
        count(*) filter (
            management_fee is null and (fee_shares_raw != '0' or fees.kind = 'claim')
        ) as unsplit_count,
        count(*) filter (
            fee_drag is null and (fee_shares_raw != '0' or fees.kind = 'claim')
        ) as undragged_count,
        product(1 + coalesce(fee_drag, 0) order by log_position) as kept
    from periods
    inner join marts.fees
        on periods.vault_id = fees.vault_id
        and fees.block_at > periods.start_at
        and fees.block_at <= periods.end_at
    where periods.reason is null
    group by all

),

joined as (

    select
        periods.*,
        coalesce(periods.reason, record_reason) as flow_reason,
        10::double ^ asset_decimals as asset_unit,
        coalesce(deposits_raw, 0::bignum)::double / asset_unit as deposits,
        coalesce(withdrawals_raw, 0::bignum)::double / asset_unit as withdrawals,
        coalesce(deposits_raw, 0::bignum) + coalesce(withdrawals_raw, 0::bignum)
            as net_flow_raw,
        net_flow_raw::double / asset_unit as net_flow,
        coalesce(later_raw, 0::bignum)::double / asset_unit as later_flow,
        coalesce(flows_count, 0) as flows_count,
        coalesce(fee_assets, 0) as fee_assets,
        case when coalesce(unsplit_count, 0) = 0 then coalesce(management_fee, 0) end
            as management_fee,
        coalesce(flow_fee, 0) as flow_fee,
        case when coalesce(undragged_count, 0) = 0 then coalesce(kept, 1) end as kept,
        total_assets
    from periods
    inner join vaults using (vault_id)
    left join flows using (vault_id, period)
    left join fees using (vault_id, period)
    left join start_assets using (vault_id, start_at)

)

select
    vault_id,
    period,
    period_position,
    start_at,
    end_at,
    case when flow_reason is null then deposits end as deposits,
    case when flow_reason is null then withdrawals end as withdrawals,
    case when flow_reason is null then net_flow end as net_flow,
    case when flow_reason is null then later_flow / nullif(total_assets, 0) end
        as net_flow_share,
    case when flow_reason is null then flows_count end as flows_count,
    case when flow_reason is null then fee_assets end as fee_assets,
    case when flow_reason is null then management_fee end as management_fee,
    case when flow_reason is null then fee_assets - management_fee - flow_fee end
        as performance_fee,
    case when flow_reason is null then flow_fee end as flow_fee,
    case when flow_reason is null then kept - 1 end as fee_drag,
    case when flow_reason is null then end_price / nullif(start_price, 0) / kept - 1 end
        as gross_return,
    flow_reason as reason
from joined
