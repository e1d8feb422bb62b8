-- One row per vault with events: whether those of its flows are all there.
-- Logs are missing where a settlement states another supply than the logs add up to,
-- where an account has given more shares than it got, where a log has no time, and
-- where one that is missing left a trace.
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

positions as (

    select
        vault_id,
        bool_or(shares < 0) as is_overdrawn,
        bool_or(is_unpriced) as is_unpriced
    from intermediate.holder_positions
    group by vault_id

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
left join traces using (vault_id)
