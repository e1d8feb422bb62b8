-- One row per vault with events: whether those of its flows are all there.
-- Logs are missing where a settlement states another supply than the logs add up to, or
-- the contract does whose supply is all in its logs, where an account has given more
-- shares than it got, where holders together have more than balances say, where a log
-- has no time, and where one that is missing left a trace.
-- grain: vault_id
-- stored
with

events as (

    select
        vault_id,
        count(*) filter (where block_at is null) as timeless_count
    from staging.events
    where event != 'Approval'
    group by vault_id

),

flows as (

    select
        vault_id,
        count(*) as flows_count,
        min(block_at) as first_flow_at,
        max(block_at) as last_flow_at,
        bool_or(assets_raw is null) as is_unpriced
    from intermediate.flows
    group by vault_id

),

balances as (

    select
        vault_id,
        bool_or(balance_raw < 0::bignum) as is_overdrawn
    from intermediate.holder_balances
    group by vault_id

),

settled as (

    select vault_id
    from staging.vaults
    inner join staging.families using (family)
    where flow_source = 'settlements'

),

positions as (

    select
        vault_id,
        bool_or(shares < 0) as is_overdrawn,
        bool_or(is_unpriced) as is_unpriced
    from intermediate.holder_positions
    where holder != 'unattributed' or vault_id in (select vault_id from settled)
    group by vault_id

),

mismatches as (

    select
        vault_id,
        true as is_mismatched
    from intermediate.unlogged_shares
    where is_missing

    union

    select
        vault_id,
        true
    from intermediate.overstated_positions

),

legs as (

    select
        vault_id,
        bool_or(not is_accounted_for) as is_unaccounted
    from intermediate.lagoon_settlement_legs
    group by vault_id

),

traces as (

    select distinct
        vault_id,
        true as has_traces
    from intermediate.missing_logs

)

select
    events.vault_id,
    coalesce(flows.flows_count, 0) as flows_count,
    flows.first_flow_at,
    flows.last_flow_at,
    case
        when timeless_count > 0
            or coalesce(balances.is_overdrawn, false)
            or coalesce(positions.is_overdrawn, false)
            or coalesce(legs.is_unaccounted, false)
            or is_mismatched is not null
            or coalesce(traces.has_traces, false)
            then 'logs_missing'
        when flows.vault_id is null then 'no_flows'
        when flows.is_unpriced or coalesce(positions.is_unpriced, false)
            then 'flows_not_priced'
    end as reason
from events
left join flows using (vault_id)
left join balances using (vault_id)
left join positions using (vault_id)
left join legs using (vault_id)
left join mismatches using (vault_id)
left join traces using (vault_id)
