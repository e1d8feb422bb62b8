-- One row per vault and investor: the return on its money next to the vault's own.
-- grain: vault_id, scope, who
-- units:
--   asset: paid_in, taken_out, end_value, profit
--   shares: shares
--   fraction: time_weighted_return, modified_dietz
--   fraction per year: money_weighted_return, time_weighted_apy, return_gap
--   days: elapsed_days
--   count: flows_count
-- columns:
--   vault_id: the vault's id in the config
--   scope: vault (all investors as one), cohort or holder
--   who: all, the month of the first deposit (2025-03), or the holder's address
--   is_fee_receiver: whether the holder was ever sent the shares of a fee
--   start_at: the investor's first flow
--   end_at: the vault's last price or flow; its own last flow, if nothing is left
--   elapsed_days: days from start_at to end_at
--   flows_count: moments at which the investor paid in or took out
--   paid_in: all the investor paid in, in units of the asset; shares received count
--     too; null where logs are missing or do not tell what was paid
--   taken_out: all the investor took out, in units of the asset; shares given away
--     count too; null where paid_in is
--   shares: shares on the investor's account at the end, pending ones included; null
--     where paid_in is
--   end_value: shares on the investor's account at the end, at the last price, pending
--     ones included; null where paid_in is
--   profit: taken out and still held, less paid in; null where paid_in is
--   money_weighted_return: XIRR, compound annual rate on the money at work
--   money_weighted_reason: why money_weighted_return is null
--   time_weighted_return: change of the share price from start to end, whenever money
--     came or went
--   time_weighted_apy: change of the share price from start to end as a compound annual
--     rate
--   time_weighted_reason: why one of the two is null
--   return_gap: money_weighted_return - time_weighted_apy: what the timing of flows
--     gave or cost
--   modified_dietz: profit over the money at work, from start to end, not annualised
--   modified_dietz_reason: why modified_dietz is null
with

investors as (

    select
        *,
        end_price / nullif(start_price, 0) as growth,
        growth ^ (31536000 / nullif(elapsed_seconds, 0)) as growth_per_year,
        coalesce(reason, case
            when start_price is null or end_price is null then 'flows_not_priced'
            when start_price = 0 then 'bad_anchor_price'
            when not isfinite(growth_per_year) then 'out_of_range'
        end) as time_weighted_reason
    from intermediate.investors

),

rates as (

    select * from intermediate.investor_rates

),

receivers as (

    select
        vault_id,
        'holder' as scope,
        account as who,
        true as is_fee_receiver
    from intermediate.internal_share_accounts
    where kind = 'fee_receiver'

),

judged as (

    select
        investors.*,
        coalesce(investors.reason, rates.xirr_reason) as money_weighted_reason,
        coalesce(investors.reason, rates.dietz_reason) as modified_dietz_reason,
        rates.xirr,
        rates.modified_dietz,
        case when investors.time_weighted_reason is null then growth_per_year - 1 end
            as time_weighted_apy,
        coalesce(receivers.is_fee_receiver, false) as is_fee_receiver
    from investors
    left join rates using (investor_id)
    left join receivers using (vault_id, scope, who)

),

-- a vault without a flow that counts has a row too, to say why
silent as (

    select
        vault_id,
        case
            when records.reason = 'flows_not_priced' then 'flows_not_priced'
            -- without any log nobody knows of flows
            when records.vault_id is null or records.reason = 'logs_missing'
                then 'logs_missing'
            else 'no_flows'
        end as reason
    from staging.vaults
    left join intermediate.flow_records as records using (vault_id)
    anti join investors using (vault_id)

)

select
    vault_id,
    scope,
    who,
    is_fee_receiver,
    start_at,
    end_at,
    elapsed_seconds / 86400 as elapsed_days,
    flows_count,
    paid_in,
    taken_out,
    shares,
    end_value,
    taken_out + end_value - paid_in as profit,
    xirr as money_weighted_return,
    money_weighted_reason,
    case when time_weighted_reason is null then growth - 1 end as time_weighted_return,
    time_weighted_apy,
    time_weighted_reason,
    xirr - time_weighted_apy as return_gap,
    modified_dietz,
    modified_dietz_reason
from judged

union all

select
    vault_id,
    'vault' as scope,
    'all' as who,
    false as is_fee_receiver,
    null as start_at,
    null as end_at,
    null as elapsed_days,
    0 as flows_count,
    null as paid_in,
    null as taken_out,
    null as shares,
    null as end_value,
    null as profit,
    null as money_weighted_return,
    reason as money_weighted_reason,
    null as time_weighted_return,
    null as time_weighted_apy,
    reason as time_weighted_reason,
    null as return_gap,
    null as modified_dietz,
    reason as modified_dietz_reason
from silent
