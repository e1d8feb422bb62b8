-- One row per investor and moment: years from its first flow, and what flowed.
-- What is held at the end is the last flow. Only of investors without a reason against.
-- grain: investor_id, years
-- stored
-- one thread
with

investors as (

    select * from intermediate.investors where reason is null

),

flows as (

    select
        investor_id,
        epoch(flow_at) - epoch(start_at) as seconds,
        elapsed_seconds,
        assets
    from intermediate.investor_flows
    inner join investors using (vault_id, scope, who)

),

dated as (

    select * from flows
    union all
    select
        investor_id,
        elapsed_seconds as seconds,
        elapsed_seconds,
        end_value as assets
    from investors
    where end_value > 0

)

-- the end may fall on the moment of a flow
select
    investor_id,
    seconds / 31536000 as years,
    1 - seconds / any_value(elapsed_seconds) as time_left,
    sum(assets) as amount
from dated
group by investor_id, seconds
having amount != 0
order by investor_id, years
