-- One row per price at which the price jumped: what kind of jump, and why.
-- Kinds and threshold are those of intermediate.jumps. No figure leaves anything out
-- for them; marts.performance_without_spikes shows every metric without the spikes. An
-- outlier within the day is no price point, and so in no figure to begin with.
-- grain: vault_id, observed_at
-- units:
--   asset: assets_change, net_flow, unexplained_assets
--   asset per share: previous_price, share_price, next_price
--   fraction: simple_return, threshold, typical_return
-- columns:
--   vault_id: the vault's id in the config
--   observed_at: the price point after the jump, or the price that is an outlier
--   previous_at: the price point before it; of an outlier the day's price before it
--   kind: spike_reverts, decimals_or_implementation_change, step_up_without_deposit,
--     step_down or outlier_within_day
--   simple_return: return of the jump, of an outlier within a day too: share_price /
--     previous_price - 1
--   threshold: the least size of such a return that counts as a jump here
--   typical_return: median size of the vault's returns that are not zero
--   previous_price: share price before the jump
--   share_price: share price after the jump
--   next_price: share price when it left that level again; null if it did not within 7
--     days
--   assets_change: change of the total assets, in units of the asset; null if not seen
--   net_flow: what flowed between the price points before and after the jump; null
--     where logs do not tell
--   unexplained_assets: assets_change - net_flow: what was gained or lost
--   evidence: the jump in a sentence
with

jumps as (

    select * from intermediate.jumps

),

records as (

    select * from intermediate.flow_records

),

-- the assets of a Lagoon valuation are those before what is settled at it
flows as (

    select
        jumps.vault_id,
        jumps.observed_at,
        sum(assets_raw) filter (
            where is_cash
                and (
                    flows.block_at > jumps.previous_at
                    or previous_rank = intermediate.source_rank('lagoon_settlement')
                )
                and (
                    flows.block_at < jumps.observed_at
                    or source_rank != intermediate.source_rank('lagoon_settlement')
                )
        ) as net_flow_raw
    from jumps
    inner join intermediate.flows
        on jumps.vault_id = flows.vault_id
        and flows.block_at >= jumps.previous_at
        and flows.block_at <= jumps.observed_at
    group by all

),

-- a vault that everybody left opens again at another price
empties as (

    select distinct
        jumps.vault_id,
        jumps.observed_at,
        true as was_empty
    from jumps
    inner join intermediate.supply_changes
        on jumps.vault_id = supply_changes.vault_id
        and supply_changes.block_at >= jumps.previous_at
        and supply_changes.block_at <= jumps.observed_at
    where supply_changes.total_supply_raw = 0::bignum

),

joined as (

    select
        jumps.*,
        jumps.total_assets - previous_assets as assets_change,
        case
            when records.vault_id is not null and records.reason is null
                then coalesce(net_flow_raw, 0::bignum)::double
                    / 10::double ^ asset_decimals
        end as net_flow,
        asset_symbol,
        coalesce(was_empty, false) as was_empty
    from jumps
    inner join staging.vaults using (vault_id)
    left join records using (vault_id)
    left join flows using (vault_id, observed_at)
    left join empties using (vault_id, observed_at)

)

select
    vault_id,
    observed_at,
    previous_at,
    kind,
    simple_return,
    threshold,
    typical_return,
    previous_price,
    share_price,
    next_price,
    assets_change,
    net_flow,
    assets_change - net_flow as unexplained_assets,
    format(
        'the price went from {:.6g} to {:.6g} ({:+.2f} %); its median move is {:.4f} %',
        previous_price, share_price, 100 * simple_return, 100 * typical_return
    )
    || case
        when kind = 'spike_reverts'
            then format(
                '; it is back at {:.6g} on {}',
                next_price, strftime(next_at at time zone 'UTC', '%Y-%m-%d')
            )
        when kind = 'outlier_within_day'
            then format(
                '; it is back at {:.6g} at {}, and no price point is made of it',
                next_price, strftime(next_at at time zone 'UTC', '%H:%M:%S')
            )
        when upgrade_events is not null
            then '; the contract was upgraded: ' || upgrade_events
        when kind = 'decimals_or_implementation_change'
            then '; that is a power of ten'
        else ''
    end
    || case
        when was_empty
            then '; in between no share existed: the price began anew'
        else ''
    end
    || case
        when assets_change is null then '; total assets were not seen'
        else format('; total assets changed by {:,.2f} {}', assets_change, asset_symbol)
    end
    || case
        when net_flow is null then '; flows are not known'
        else format('; {:,.2f} {} flowed', net_flow, asset_symbol)
    end as evidence
from joined
