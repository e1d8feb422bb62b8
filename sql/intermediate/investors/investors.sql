-- One row per investor: its flows summed, and what it holds at the end.
-- The end is the vault's last price or flow, or, where nothing is left, its last flow.
-- grain: vault_id, scope, who
-- stored
-- one thread
with

flows as (

    select * from intermediate.investor_flows

),

prices as (

    select * from intermediate.flow_prices

),

records as (

    select * from intermediate.flow_records

),

price_ends as (

    select
        vault_id,
        max(observed_at) as last_price_at
    from prices
    group by vault_id

),

sums as (

    select
        vault_id,
        scope,
        who,
        min(flow_at) as start_at,
        max(flow_at) as last_flow_at,
        count(*) as flows_count,
        abs(sum(paid_in)) as paid_in,
        sum(taken_out) as taken_out,
        sum(shares) as net_shares,
        sum(moved_shares) as moved_shares,
        bool_or(is_unpriced) as is_unpriced,
        -- what the first flow was done at, where no price is known
        arg_min(nullif(-assets / nullif(shares, 0), 0), flow_at) as first_price
    from flows
    group by vault_id, scope, who

),

held as (

    select
        sums.*,
        case
            when abs(net_shares) > 1e-9 * moved_shares then net_shares
            else 0
        end as shares,
        case
            when shares = 0 then last_flow_at
            else greatest(last_flow_at, last_price_at)
        end as end_at
    from sums
    left join price_ends using (vault_id)

),

started as (

    select
        held.*,
        coalesce(prices.share_price, first_price) as start_price
    from held
    asof left join prices
        on held.vault_id = prices.vault_id and held.start_at >= prices.observed_at

),

ended as (

    select
        started.*,
        prices.share_price as end_price
    from started
    asof left join prices
        on started.vault_id = prices.vault_id and started.end_at >= prices.observed_at

),

judged as (

    select
        ended.*,
        epoch(end_at) - epoch(start_at) as elapsed_seconds,
        case when shares = 0 then 0 else shares * end_price end as worth,
        case
            when records.reason = 'logs_missing' or shares < 0 then 'logs_missing'
            when is_unpriced or worth is null then 'flows_not_priced'
            when elapsed_seconds <= 0 then 'insufficient_data'
        end as reason,
        records.reason is distinct from 'logs_missing' and shares >= 0 as is_whole
    from ended
    left join records using (vault_id)

)

select
    row_number() over (order by vault_id, scope, who) as investor_id,
    vault_id,
    scope,
    who,
    start_at,
    end_at,
    elapsed_seconds,
    flows_count,
    case when is_whole and not is_unpriced then paid_in end as paid_in,
    case when is_whole and not is_unpriced then taken_out end as taken_out,
    case when is_whole then judged.shares end as shares,
    case when is_whole then worth end as end_value,
    start_price,
    end_price,
    reason
from judged
